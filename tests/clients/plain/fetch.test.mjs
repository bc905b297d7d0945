import assert from "node:assert/strict";
import { test } from "node:test";

async function ask(query, variables = {}) {
  const response = await fetch(process.env.NEWSGRAPH_URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message, { cause: errors });
  return data;
}

test("a query is answered", async () => {
  const { items } = await ask("query ($n: Int!) { items(first: $n) { nodes { title } } }", { n: 2 });
  assert.equal(items.nodes.length, 2);
});

test("an error says what to do, and has a code", async () => {
  await assert.rejects(ask("{ items(first: -1) { totalCount } }"), (error) => {
    assert.match(error.message, /0 to 100/);
    assert.equal(error.cause[0].extensions.code, "BAD_USER_INPUT");
    return true;
  });
});
