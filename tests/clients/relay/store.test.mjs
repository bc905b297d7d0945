// Relay's store with the compiler's output. `react-relay` adds React's hooks to these calls.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import relay from "relay-runtime";

const require = createRequire(import.meta.url);
const artifact = (name) => require(`./__generated__/${name}.graphql.js`);

function makeEnvironment() {
  const network = relay.Network.create(async ({ text, name }, variables) => {
    const response = await fetch(process.env.NEWSGRAPH_URL, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: text, operationName: name, variables }),
    });
    return response.json();
  });
  const store = new relay.Store(new relay.RecordSource());
  return new relay.Environment({ network, store });
}

/** Fetch a query and keep it, as a mounted page does; give a reader of one of its fragments. */
async function open(environment, query, variables) {
  const operation = relay.createOperationDescriptor(artifact(query), variables);
  environment.retain(operation);
  await relay.fetchQuery(environment, artifact(query), variables).toPromise();
  return (fragment, under = (data) => data) => {
    const parent = under(environment.lookup(operation.fragment).data);
    const selector = relay.getSingularSelector(artifact(fragment), parent);
    return environment.lookup(selector).data;
  };
}

/** Fetch the pages that are left, as `loadNext` does. */
async function loadAll(environment, query, variables, read) {
  let page = read();
  while (page.pageInfo.hasNextPage) {
    const onward = { ...variables, cursor: page.pageInfo.endCursor };
    await relay.fetchQuery(environment, artifact(query), onward).toPromise();
    page = read();
  }
  return page.edges;
}

const references = (edges) => edges.map(({ node }) => node.__id);

test("a connection grows page by page until it has every item once", async () => {
  const environment = makeEnvironment();
  const variables = { count: 9, cursor: null, order: "HOTTEST" };
  const read = await open(environment, "FrontPageQuery", variables);
  const list = () => read("FrontPage_items").items;
  assert.equal(list().edges.length, 9);
  const edges = await loadAll(environment, "FrontPagePaginationQuery", variables, list);
  assert.equal(edges.length, list().totalCount);
  assert.equal(new Set(references(edges)).size, edges.length);
  const whole = await open(makeEnvironment(), "FrontPageQuery", { ...variables, count: 100 });
  assert.deepEqual(references(edges), references(whole("FrontPage_items").items.edges));
});

test("a connection below a node is paged through the node", async () => {
  const environment = makeEnvironment();
  const read = await open(environment, "ProviderPageQuery", { domain: "harbourpost.example" });
  const list = () => read("ProviderPage_items", ({ provider }) => provider);
  const { itemCount, id } = list();
  const variables = { id, count: 4, filter: null };
  const edges = await loadAll(environment, "ProviderPageItemsQuery", variables, () => list().items);
  assert.equal(new Set(references(edges)).size, itemCount);
  assert.equal(edges.length, itemCount);
});

test("a connection is paged backward with last and before", async () => {
  const environment = makeEnvironment();
  const read = await open(environment, "TopicPageQuery", { name: "transit" });
  const list = () => read("TopicPage_items", ({ topic }) => topic);
  const { id } = list();
  const newest = list().items.edges.length;
  await relay
    .fetchQuery(environment, artifact("TopicPageItemsQuery"), {
      id,
      count: 3,
      cursor: list().items.pageInfo.startCursor,
    })
    .toPromise();
  const edges = references(list().items.edges);
  assert.ok(edges.length > newest || !list().items.pageInfo.hasPreviousPage);
  assert.equal(new Set(edges).size, edges.length);
});

test("an object is refetched by its id", async () => {
  const environment = makeEnvironment();
  const read = await open(environment, "FrontPageQuery", { count: 1, order: "NEWEST" });
  const [id] = references(read("FrontPage_items").items.edges);
  const refetched = await open(environment, "ItemPageRefetchQuery", { id });
  const item = refetched("ItemPage_item", ({ node }) => node);
  assert.equal(item.id, id);
  assert.equal(typeof item.heat, "number");
});
