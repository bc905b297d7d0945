import assert from "node:assert/strict";
import { test } from "node:test";

import { gql, makeClient } from "./client.mjs";

const CARD = gql`
  fragment Picture on Image { url width height title }
  fragment Publisher on Provider { id name domain images { ...Picture } }
  fragment Card on Item {
    id
    title
    publishedDateTime
    provider { ...Publisher }
    topics { id name parent { id name } }
    images(first: 1) { ...Picture }
    related(first: 2) { title provider { ...Publisher } item { id title } }
  }
`;

const LIST = gql`
  query List($order: ItemOrder!, $filter: ItemFilter, $first: Int, $after: String) {
    items(orderBy: $order, filter: $filter, first: $first, after: $after) {
      totalCount
      edges { cursor node { ...Card } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
  ${CARD}
`;

const ids = ({ items }) => items.edges.map(({ node }) => node.id);

/** Scroll a list to its end, as one that grows on the screen does; give what the cache has. */
async function scroll(client, variables) {
  const query = client.watchQuery({ query: LIST, variables });
  const subscription = query.subscribe(() => {});
  let { pageInfo } = (await client.query({ query: LIST, variables })).data.items;
  while (pageInfo.hasNextPage) {
    const more = await query.fetchMore({ variables: { after: pageInfo.endCursor } });
    ({ pageInfo } = more.data.items);
  }
  subscription.unsubscribe();
  return client.readQuery({ query: LIST, variables });
}

for (const order of ["NEWEST", "OLDEST", "HOTTEST", "BEST"]) {
  test(`scrolling by ${order} shows every item once, in the order of one large page`, async () => {
    const seen = ids(await scroll(makeClient(), { order, first: 7 }));
    const other = makeClient();
    const { data } = await other.query({ query: LIST, variables: { order, first: 100 } });
    assert.deepEqual(seen, ids(data));
    assert.equal(new Set(seen).size, data.items.totalCount);
  });
}

test("each filter has a list of its own in the cache, and the items are shared", async () => {
  const client = makeClient();
  const all = await scroll(client, { order: "NEWEST", first: 20 });
  const filter = { categories: ["learning"] };
  const learning = await scroll(client, { order: "NEWEST", filter, first: 3 });
  assert.equal(ids(all).length, all.items.totalCount);
  assert.equal(ids(learning).length, learning.items.totalCount);
  assert.ok(ids(learning).length < ids(all).length);
  assert.ok(ids(learning).every((id) => ids(all).includes(id)));
  const cached = Object.keys(client.cache.extract());
  assert.ok(ids(all).every((id) => cached.includes(`Item:${id}`)));
});

test("only edges grow: nodes are those of the last page", async () => {
  const client = makeClient();
  const query = gql`
    query Nodes($after: String) {
      items(first: 3, after: $after) { nodes { id } edges { node { id } } pageInfo { endCursor } }
    }
  `;
  const list = client.watchQuery({ query });
  const subscription = list.subscribe(() => {});
  const { endCursor } = (await client.query({ query })).data.items.pageInfo;
  await list.fetchMore({ variables: { after: endCursor } });
  subscription.unsubscribe();
  const { items } = client.readQuery({ query });
  assert.deepEqual([items.edges.length, items.nodes.length], [6, 3]);
});

test("paging backward from the end gives the same list", async () => {
  const client = makeClient();
  const BACK = gql`
    query Back($before: String) {
      items(orderBy: OLDEST, last: 9, before: $before) {
        edges { node { id } }
        pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
      }
    }
  `;
  let seen = [];
  let before = null;
  let page;
  do {
    ({ data: { items: page } } = await client.query({
      query: BACK,
      variables: { before },
      fetchPolicy: "no-cache",
    }));
    seen = [...page.edges.map(({ node }) => node.id), ...seen];
    before = page.pageInfo.startCursor;
  } while (page.pageInfo.hasPreviousPage);
  const { data } = await client.query({
    query: LIST,
    variables: { order: "OLDEST", first: 100 },
  });
  assert.deepEqual(seen, ids(data));
});
