// Follows an operation: its answer, and the whole answer again when the server has another one.
import { createClient } from "graphql-sse";

/**
 * Returns the answers to an operation for as long as they are iterated over. While the server is away, it is tried
 * again and again.
 * @param {(result: object, number: number) => void} onResult called with each answer and its number, from 1
 */
export async function* follow(request, headers, onResult) {
  const client = createClient({ url: location.pathname, headers, retryAttempts: Infinity, retry: pause, fetchFn });
  let number = 0;
  try {
    for await (const result of client.iterate(request)) {
      onResult(result, ++number);
      yield result;
    }
  } finally {
    client.dispose();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 1000 + Math.random() * 1000));

/** Fetches a stream; a refusal, which will not change by trying again, becomes the stream's only answer. */
async function fetchFn(url, options) {
  const response = await fetch(url, options);
  if (response.ok || response.status >= 500 || response.status === 429) return response;
  const error = JSON.stringify(await response.json());
  return new Response(`event: next\ndata: ${error}\n\nevent: complete\ndata:\n\n`);
}
