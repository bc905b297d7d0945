// Sends each operation as one POST to the URL of this page, or follows it as a stream.
import { getOperationAST, Kind, parse } from "graphql";

import { follow } from "./follow.js";

/**
 * @param {string} token the editor token, or "" for the public
 * @param {() => boolean} isLive returns whether operations are streams now; subscriptions always are
 * @param {(refused: boolean) => void} onRefused called after each response with whether the token was refused
 * @param {(answer: {cost?: object, milliseconds?: number, answers?: number}) => void} onAnswer called after each
 *   response but to GraphiQL's own query, the introspection; `answers` counts those of a stream
 */
export function makeFetcher(token, { isLive, onRefused, onAnswer }) {
  const noteRefusal = ({ errors }) =>
    onRefused(errors?.some((error) => error.extensions?.code === "UNAUTHENTICATED") ?? false);
  return async (request, { headers: more } = {}) => {
    const headers = { ...(token && { authorization: `Bearer ${token}` }), ...more };
    if (request.operationName !== "IntrospectionQuery" && (isLive() || isSubscription(request))) {
      return follow({ ...request, operationName: operationName(request) }, headers, (result, answers) => {
        noteRefusal(result);
        onAnswer({ answers });
      });
    }
    const began = performance.now();
    const result = await send(request, headers);
    const milliseconds = performance.now() - began;
    noteRefusal(result);
    const cost = takeCost(result);
    if (request.operationName !== "IntrospectionQuery") onAnswer({ cost, milliseconds });
    return result;
  };
}

async function send(request, headers) {
  const body = { ...request, operationName: operationName(request), extensions: { cost: true } };
  try {
    const response = await fetch(location.pathname, {
      method: "POST",
      headers: {
        accept: "application/graphql-response+json, application/json;q=0.9",
        "content-type": "application/json",
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return await readResult(response);
  } catch {
    const message = `newsgraph does not answer at ${location.origin}${location.pathname}. Is it running?`;
    return { errors: [{ message }] };
  }
}

/** Takes the cost out of a result, in which nobody asked for it. */
function takeCost(result) {
  const { cost, ...others } = result.extensions ?? {};
  if (Object.keys(others).length) result.extensions = others;
  else delete result.extensions;
  return cost;
}

function isSubscription(request) {
  try {
    return getOperationAST(parse(request.query), operationName(request))?.operation === "subscription";
  } catch {
    return false; // A syntax error, which the server explains.
  }
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
