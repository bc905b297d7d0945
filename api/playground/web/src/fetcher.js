// Sends each operation as one POST to the URL of this page.
import { Kind, parse } from "graphql";

/**
 * @param {string} token the editor token, or "" for the public
 * @param {(refused: boolean) => void} onResponse called after each response with whether the token was refused
 */
export function makeFetcher(token, onResponse) {
  return async (request, { headers } = {}) => {
    const response = await fetch(location.pathname, {
      method: "POST",
      headers: {
        accept: "application/graphql-response+json, application/json;q=0.9",
        "content-type": "application/json",
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ ...request, operationName: operationName(request) }),
    });
    const result = await readResult(response);
    onResponse(result.errors?.some((error) => error.extensions?.code === "UNAUTHENTICATED") ?? false);
    return result;
  };
}

/**
 * Returns the operation's name if the query has it. For a moment after a change of tabs, GraphiQL still
 * passes the name of the previous tab's operation, which the server would refuse.
 */
function operationName({ query, operationName }) {
  try {
    const isNamed = ({ kind, name }) => kind === Kind.OPERATION_DEFINITION && name?.value === operationName;
    return parse(query).definitions.some(isNamed) ? operationName : undefined;
  } catch {
    return operationName; // A syntax error, which the server explains.
  }
}

/** Returns the GraphQL result, or an error of the same shape if the body is not JSON (a proxy's page, or empty). */
async function readResult(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `The server returned ${response.status} ${response.statusText}`.trim() + " and a body that is not JSON.", extensions: { body: text.slice(0, 500) } }] };
  }
}
