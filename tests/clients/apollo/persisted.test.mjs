import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { ApolloLink, HttpLink } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";

import { URL, gql, makeClient } from "./client.mjs";

// A field's alias that no other run has used, so that the server cannot know the query yet.
const QUERY = gql`{ run_${Date.now()}: corpus { itemCount } }`;

async function persistingClient() {
  const log = [];
  const loggingFetch = async (uri, options) => {
    const response = await fetch(uri, options);
    log.push({
      method: options.method,
      hasQuery: (options.body ?? uri).includes("itemCount"),
      status: response.status,
    });
    return response;
  };
  const link = ApolloLink.from([
    new PersistedQueryLink({
      sha256: (text) => createHash("sha256").update(text).digest("hex"),
      useGETForHashedQueries: true,
    }),
    new HttpLink({ uri: URL, fetch: loggingFetch }),
  ]);
  return { client: await makeClient(link), log };
}

test("a query is sent once, and by its hash in a GET ever after", async () => {
  const first = await persistingClient();
  const { data } = await first.client.query({ query: QUERY });
  assert.deepEqual(
    first.log.map(({ method, hasQuery }) => [method, hasQuery]),
    [["GET", false], ["POST", true]],
  );
  const second = await persistingClient();
  const again = await second.client.query({ query: QUERY });
  assert.deepEqual(second.log, [{ method: "GET", hasQuery: false, status: 200 }]);
  assert.deepEqual(again.data, data);
});
