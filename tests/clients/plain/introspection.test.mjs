import assert from "node:assert/strict";
import { test } from "node:test";

import { buildClientSchema, getIntrospectionQuery, printSchema } from "graphql";

const OPTIONS = [
  "descriptions",
  "specifiedByUrl",
  "directiveIsRepeatable",
  "schemaDescription",
  "inputValueDeprecation",
  "experimentalDirectiveDeprecation",
  "oneOf",
];

async function introspect(options) {
  const response = await fetch(process.env.NEWSGRAPH_URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: getIntrospectionQuery(options) }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return printSchema(buildClientSchema(data));
}

test("the introspection query with all options returns the whole schema", async () => {
  const printed = await introspect(Object.fromEntries(OPTIONS.map((name) => [name, true])));
  const response = await fetch(new URL("/schema.graphql", process.env.NEWSGRAPH_URL));
  const types = (text) => text.match(/^(type|interface|input|enum|scalar) \w+/gm).sort();
  assert.deepEqual(types(printed), types(await response.text()));
});

for (const name of OPTIONS) {
  test(`so does the one with ${name} alone`, async () => {
    const printed = await introspect({ descriptions: false, [name]: true });
    assert.match(printed, /type Topic implements Node/);
  });
}
