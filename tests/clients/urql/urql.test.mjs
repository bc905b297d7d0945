import assert from "node:assert/strict";
import { test } from "node:test";

import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";

const makeClient = (settings) =>
  new Client({
    url: process.env.NEWSGRAPH_URL,
    exchanges: [cacheExchange, fetchExchange],
    ...settings,
  });

const FRONT = gql`
  query Front($first: Int!) {
    items(first: $first, orderBy: HOTTEST) {
      nodes { ...Card }
    }
  }
  fragment Card on Item { id title provider { name } }
`;

for (const preferGetMethod of [false, "force"]) {
  test(`a query is answered by ${preferGetMethod ? "GET" : "POST"}`, async () => {
    const { data, error } = await makeClient({ preferGetMethod }).query(FRONT, { first: 3 });
    assert.equal(error, undefined);
    assert.equal(data.items.nodes.length, 3);
    assert.equal(data.items.nodes[0].__typename, "Item");
  });
}

test("an error is a GraphQL error with its code, not a network error", async () => {
  const { error } = await makeClient().query(FRONT, { first: -1 });
  assert.equal(error.networkError, undefined);
  assert.equal(error.graphQLErrors[0].extensions.code, "BAD_USER_INPUT");
});

test("data for editors is an error for the public, and returned to editors", async () => {
  const UNPUBLISHED = gql`{ items(filter: { published: false }) { totalCount } }`;
  const { error } = await makeClient().query(UNPUBLISHED, {});
  assert.equal(error.graphQLErrors[0].extensions.code, "FORBIDDEN");
  const headers = { authorization: `Bearer ${process.env.NEWSGRAPH_TOKEN}` };
  const { data } = await makeClient({ fetchOptions: { headers } }).query(UNPUBLISHED, {});
  assert.ok(data.items.totalCount > 0);
});
