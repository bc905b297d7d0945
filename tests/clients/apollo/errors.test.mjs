import assert from "node:assert/strict";
import { test } from "node:test";

import { CombinedGraphQLErrors, HttpLink } from "@apollo/client";

import { URL, gql, makeClient } from "./client.mjs";

const PARTIAL = gql`
  query Partial {
    items(first: 2) { nodes { id title } }
    item { id }
  }
`;

test("errorPolicy all returns partial data, and the error's code and path", async () => {
  const client = makeClient();
  const { data, error } = await client.query({ query: PARTIAL, errorPolicy: "all" });
  assert.equal(data.items.nodes.length, 2);
  assert.equal(data.item, null);
  assert.ok(CombinedGraphQLErrors.is(error));
  assert.deepEqual(
    error.errors.map(({ path, extensions }) => [path, extensions.code]),
    [[["item"], "BAD_USER_INPUT"]],
  );
});

test("errorPolicy none rejects with the server's message", async () => {
  const client = makeClient();
  await assert.rejects(client.query({ query: PARTIAL }), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error));
    assert.match(error.message, /id.*url/);
    return true;
  });
});

async function codesOf(client, query) {
  const { error } = await client.query({ query, errorPolicy: "all" });
  assert.ok(CombinedGraphQLErrors.is(error), String(error));
  return error.errors.map(({ extensions }) => extensions.code);
}

test("a query that is not valid is a GraphQL error, not a network error", async () => {
  const client = makeClient();
  assert.deepEqual(await codesOf(client, gql`{ items { headline } }`), [
    "GRAPHQL_VALIDATION_FAILED",
  ]);
});

test("a query that asks for too much is refused with its own code", async () => {
  const client = makeClient();
  const query = gql`{ items(first: 100) { nodes { relatedBy(first: 100) { nodes { title } } } } }`;
  assert.deepEqual(await codesOf(client, query), ["QUERY_TOO_EXPENSIVE"]);
});

const bearer = (token) =>
  makeClient(new HttpLink({ uri: URL, headers: { authorization: `Bearer ${token}` } }));

test("a wrong token is UNAUTHENTICATED, and an editor's shows unpublished items", async () => {
  const query = gql`{ items(filter: { published: false }) { totalCount } }`;
  assert.deepEqual(await codesOf(makeClient(), query), ["FORBIDDEN"]);
  assert.deepEqual(await codesOf(bearer("nobody"), query), ["UNAUTHENTICATED"]);
  const editor = bearer(process.env.NEWSGRAPH_TOKEN);
  const { data } = await editor.query({ query });
  assert.ok(data.items.totalCount > 0);
});
