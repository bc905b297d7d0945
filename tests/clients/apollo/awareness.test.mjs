import assert from "node:assert/strict";
import { test } from "node:test";

import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";

import { URL, gql } from "./client.mjs";

const ORIGIN = "https://app.example";

/** Fetch as a browser does for a page of another origin: ask first whether it may. */
async function fetchFromAnotherOrigin(uri, options) {
  const asked = Object.keys(options.headers).join(",");
  const preflight = await fetch(uri, {
    method: "OPTIONS",
    headers: {
      origin: ORIGIN,
      "access-control-request-method": options.method,
      "access-control-request-headers": asked,
    },
  });
  assert.equal(preflight.status, 200, await preflight.text());
  assert.match(asked, /apollographql-client-name/);
  return fetch(uri, { ...options, headers: { ...options.headers, origin: ORIGIN } });
}

test("a page of another origin may say which client it is", async () => {
  const client = new ApolloClient({
    clientAwareness: { name: "news-app", version: "1.2.3" },
    cache: new InMemoryCache(),
    link: new HttpLink({ uri: URL, fetch: fetchFromAnotherOrigin }),
  });
  const { data } = await client.query({ query: gql`{ corpus { itemCount } }` });
  assert.ok(data.corpus.itemCount > 0);
});
