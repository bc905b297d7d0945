import assert from "node:assert/strict";
import { after, test } from "node:test";

import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { Client, fetchExchange } from "@urql/core";

import { makeLiveClient, makeUrql, withSubscriptions } from "./clients.mjs";
import { publish } from "./newsroom.mjs";

const FIELDS = "items(first: 1) { nodes { id title } }";
const live = makeLiveClient();
after(() => live.dispose());

/** Collects values: `next` resolves with the first that nobody has taken. */
function mailbox() {
  const values = [];
  let wake = () => {};
  return {
    put: (value) => (values.push(value), wake()),
    async next() {
      while (!values.length) await new Promise((resolve) => (wake = resolve));
      return values.shift();
    },
  };
}

const title = ({ data, errors }) => (errors ? assert.fail(JSON.stringify(errors)) : data.items.nodes[0]?.title);

for (const query of [`{ ${FIELDS} }`, `subscription { ${FIELDS} }`]) {
  test(`graphql-sse follows ${query}`, async () => {
    const results = live.iterate({ query });
    const name = query.slice(0, 3).replace("{ i", "query");
    await publish(`${name}-first`);
    let latest = title((await results.next()).value);
    while (latest !== `${name}-first`) latest = title((await results.next()).value);
    await publish(`${name}-second`);
    assert.equal(title((await results.next()).value), `${name}-second`);
    await results.return();
  });
}

test("graphql-sse is given the errors of a query, and its end", async () => {
  const results = [];
  for await (const result of live.iterate({ query: "{ nope }" })) results.push(result);
  assert.equal(results.length, 1);
  assert.equal(results[0].errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
});

test("Apollo Client follows a subscription, and its cache has the new values", async () => {
  const link = withSubscriptions(live, new HttpLink({ uri: process.env.NEWSGRAPH_URL }));
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  await publish("apollo-first");
  const { put, next } = mailbox();
  const subscription = client.subscribe({ query: gql(`subscription { ${FIELDS} }`) }).subscribe(put);
  assert.equal(title(await next()), "apollo-first");
  await publish("apollo-second");
  const second = await next();
  assert.equal(title(second), "apollo-second");
  assert.equal(client.cache.extract()[`Item:${second.data.items.nodes[0].id}`].title, "apollo-second");
  subscription.unsubscribe();
  client.stop();
});

const urqls = {
  "graphql-sse": () => makeUrql(live),
  "its own fetch": () =>
    new Client({ url: process.env.NEWSGRAPH_URL, exchanges: [fetchExchange], fetchSubscriptions: true }),
};
for (const [how, make] of Object.entries(urqls)) {
  test(`urql follows a subscription by ${how}`, async () => {
    const name = how.replaceAll(" ", "-");
    await publish(`${name}-first`);
    const { put, next } = mailbox();
    const { unsubscribe } = make().subscription(`subscription { ${FIELDS} }`, {}).subscribe(put);
    assert.equal(title(await next()), `${name}-first`);
    await publish(`${name}-second`);
    assert.equal(title(await next()), `${name}-second`);
    unsubscribe();
  });
}
