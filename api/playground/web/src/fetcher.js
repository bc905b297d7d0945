// One POST per run, to the address that this page came from.
import { Kind, parse } from "graphql";

/**
 * @param {string} token the editor token, or "" to ask as the public does
 * @param {(refused: boolean) => void} onAnswer told after each answer whether the token was refused
 */
export function makeFetcher(token, onAnswer) {
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
    const answer = await readAnswer(response);
    onAnswer(answer.errors?.some((error) => error.extensions?.code === "UNAUTHENTICATED") ?? false);
    return answer;
  };
}

/**
 * The operation's name if the query has it. For a moment after a change of tabs GraphiQL still gives
 * the name from the tab before, which the server would rightly refuse.
 */
function operationName({ query, operationName }) {
  try {
    const isNamed = ({ kind, name }) => kind === Kind.OPERATION_DEFINITION && name?.value === operationName;
    return parse(query).definitions.some(isNamed) ? operationName : undefined;
  } catch {
    return operationName; // Not a query yet: the server says what is wrong with it.
  }
}

/** GraphQL's answer, or an error in its shape for a proxy's page or an empty body. */
async function readAnswer(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `The server answered ${response.status} ${response.statusText}`.trim() + ", not JSON.", extensions: { body: text.slice(0, 500) } }] };
  }
}
