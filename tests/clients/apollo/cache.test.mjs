import assert from "node:assert/strict";
import { test } from "node:test";

import { cachePolicies } from "./cache-policies.mjs";
import { gql, makeClient } from "./client.mjs";

const FIELDS = {
  Item: `id title excerpt category type locale webUrl publishedDateTime updatedDateTime quality heat
    published byline tags provider { id } topics { id }
    images { url width height title attribution isCached }`,
  Provider: "id domain name itemCount images { url width height }",
  Topic: "id name slug itemCount parent { id } children { id }",
};

/** What a new cache holds of one object after one query, whose path ends in `...Fields`. */
async function entry({ id, type, path, variables }) {
  const client = makeClient();
  const used = Object.entries(variables).filter(([name]) => path.includes(`$${name}`));
  const types = { id: "ID!", item: "ID!", url: "URL!", domain: "String!", name: "String!" };
  const parameters = used.map(([name]) => `$${name}: ${types[name]}`).join(", ");
  const query = gql`
    query Path${parameters && `(${parameters})`} { ${path} }
    fragment Fields on ${type} { ${FIELDS[type]} }
  `;
  await client.query({ query, variables: Object.fromEntries(used) });
  return client.cache.extract()[`${type}:${id}`];
}

async function assertSameEntry({ id, type, variables, paths }) {
  const direct = await entry({ id, type, path: "node(id: $id) { ...Fields }", variables });
  assert.equal(direct.id, id);
  for (const path of paths) {
    assert.deepEqual(await entry({ id, type, path, variables }), direct, path);
  }
}

async function anItemThatIsLinked() {
  const client = makeClient();
  const { data } = await client.query({
    query: gql`
      {
        items(first: 100) {
          nodes {
            id webUrl title
            provider { id domain }
            topics { id slug name }
            relatedBy(first: 1) { nodes { id } }
          }
        }
      }
    `,
  });
  return data.items.nodes.find(
    (item) => item.webUrl && item.provider && item.topics.length && item.relatedBy.nodes.length,
  );
}

test("an item is one entry with the same fields, whatever path led to it", async () => {
  const { id, webUrl, provider, topics, relatedBy } = await anItemThatIsLinked();
  await assertSameEntry({
    id,
    type: "Item",
    variables: {
      id,
      url: webUrl,
      domain: provider.domain,
      name: topics[0].name,
      item: relatedBy.nodes[0].id,
    },
    paths: [
      "item(id: $id) { ...Fields }",
      "item(url: $url) { ...Fields }",
      "nodes(ids: [$id]) { ...Fields }",
      "items(first: 100) { nodes { ...Fields } }",
      "items(first: 100) { edges { node { ...Fields } } }",
      "provider(domain: $domain) { items(first: 100) { nodes { ...Fields } } }",
      "topic(name: $name) { items(first: 100) { nodes { ...Fields } } }",
      "item(id: $item) { related { item { ...Fields } } }",
    ],
  });
});

test("a provider is one entry with the same fields, whatever path led to it", async () => {
  const { id: item, provider } = await anItemThatIsLinked();
  await assertSameEntry({
    id: provider.id,
    type: "Provider",
    variables: { id: provider.id, item, domain: provider.domain },
    paths: [
      "provider(domain: $domain) { ...Fields }",
      "providers(first: 100) { nodes { ...Fields } }",
      "item(id: $item) { provider { ...Fields } }",
      "items(first: 100) { nodes { provider { ...Fields } } }",
      "items(first: 100) { nodes { related { provider { ...Fields } } provider { ...Fields } } }",
      "items { facets { providers(first: 100) { provider { ...Fields } } } }",
    ],
  });
});

test("a topic is one entry with the same fields, whatever path led to it", async () => {
  const { id: item, topics } = await anItemThatIsLinked();
  const [{ id, name }] = topics;
  await assertSameEntry({
    id,
    type: "Topic",
    variables: { id, item, name },
    paths: [
      "topic(name: $name) { ...Fields }",
      "topics(first: 100) { nodes { ...Fields } }",
      "item(id: $item) { topics { ...Fields } }",
      "items { facets { topics(first: 100) { topic { ...Fields } } } }",
    ],
  });
});

test("the policies name every interface, and every type that implements it", async () => {
  const { data } = await makeClient().query({
    query: gql`{ __schema { types { name possibleTypes { name } } } }`,
  });
  const interfaces = data.__schema.types
    .filter((type) => type.possibleTypes)
    .map((type) => [type.name, type.possibleTypes.map(({ name }) => name)]);
  assert.deepEqual(cachePolicies.possibleTypes, Object.fromEntries(interfaces));
});

test("a fragment on Node is matched by the types that the server names", async () => {
  const { id } = await anItemThatIsLinked();
  const client = makeClient();
  const { data } = await client.query({
    query: gql`
      query Mixed($id: ID!) { item(id: $id) { ...Named provider { ...Named } topics { ...Named } } }
      fragment Named on Node { id ... on Item { title } ... on Provider { name } ... on Topic { name } }
    `,
    variables: { id },
  });
  assert.ok(data.item.title && data.item.provider.name && data.item.topics[0].name);
});

test("the next page reads from the cache what the first has fetched", async () => {
  const { id } = await anItemThatIsLinked();
  const client = makeClient();
  const ONE = gql`query One($id: ID!) { item(id: $id) { id title } }`;
  await client.query({ query: ONE, variables: { id } });
  const again = await client.query({ query: ONE, variables: { id }, fetchPolicy: "cache-only" });
  assert.equal(again.data.item.id, id);
});
