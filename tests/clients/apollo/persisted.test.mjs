import assert from "node:assert/strict";
import { test } from "node:test";

import { URL, gql, makeClient } from "./client.mjs";
import { persistedQueries } from "./persisted-queries.mjs";

// An alias that no other run has used, so that the server cannot know the query yet.
const QUERY = gql`{ run_${Date.now()}: corpus { itemCount } }`;

/** A client that notes how each request was sent. */
function persistingClient() {
  const log = [];
  const loggingFetch = async (uri, options) => {
    const response = await fetch(uri, options);
    const hasQuery = (options.body ?? uri).includes("itemCount");
    log.push({ method: options.method, hasQuery, status: response.status });
    return response;
  };
  return { log, client: makeClient(persistedQueries({ uri: URL, fetch: loggingFetch })) };
}

test("a query is sent in full once, then by its hash in a GET", async () => {
  const first = persistingClient();
  const { data } = await first.client.query({ query: QUERY });
  assert.deepEqual(
    first.log.map(({ method, hasQuery }) => [method, hasQuery]),
    [["GET", false], ["POST", true]],
  );
  assert.deepEqual(first.log.map(({ status }) => status), [200, 200]);
  const second = persistingClient();
  const again = await second.client.query({ query: QUERY });
  assert.deepEqual(second.log, [{ method: "GET", hasQuery: false, status: 200 }]);
  assert.deepEqual(again.data, data);
});
