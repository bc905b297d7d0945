// Each client sends the ids that its own tool wrote, to a server that answers nothing else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { generatePersistedQueryIdsFromManifest } from "@apollo/persisted-query-lists";
import { Client, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { parse } from "graphql";
import relay from "relay-runtime";

const require = createRequire(import.meta.url);
const URL_ = process.env.NEWSGRAPH_URL;
const SOURCE = readFileSync(new URL("queries.graphql", import.meta.url), "utf8");
const readJson = (file) => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));

async function askById(documentId, variables = {}) {
  const parameters = new URLSearchParams({ documentId, variables: JSON.stringify(variables) });
  const response = await fetch(`${process.env.NEWSGRAPH_URL}?${parameters}`);
  return response.json();
}

test("no other query is answered", async () => {
  const response = await fetch(URL_, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ items { totalCount } }" }),
  });
  const { errors } = await response.json();
  assert.equal(errors[0].extensions.code, "DOCUMENT_NOT_TRUSTED");
});

test("fetch sends the name of a file", async () => {
  const { data } = await askById("Titles", { first: 2 });
  assert.equal(data.items.nodes.length, 2);
});

const persisted = persistedExchange({
  enforcePersistedQueries: true,
  generateHash: async (_, document) => document.__meta__.hash,
});

test("urql sends the hash that the client preset wrote into its code", async () => {
  const [[hash, text]] = Object.entries(readJson("generated/persisted-documents.json"));
  const code = readFileSync(new URL("generated/graphql.ts", import.meta.url), "utf8");
  assert.ok(code.includes(`{"hash":"${hash}"}`));
  const { data } = await askById(hash, { first: 3 });
  assert.equal(data.items.nodes.length, 3);
  const client = new Client({ url: URL_, exchanges: [persisted, fetchExchange] });
  const titles = { ...parse(text), __meta__: { hash } };
  const answer = await client.query(titles, { first: 3 }).toPromise();
  assert.equal(answer.error, undefined);
  assert.deepEqual(answer.data, data);
});

const persistedBy = (loadManifest) =>
  new PersistedQueryLink({
    ...generatePersistedQueryIdsFromManifest({ loadManifest }),
    useGETForHashedQueries: true,
  });

test("Apollo sends the id in its manifest", async () => {
  const persisted = persistedBy(async () => readJson("manifests/apollo.json"));
  const sent = [];
  const logged = (uri, options) => sent.push(options.method) && fetch(uri, options);
  const link = ApolloLink.from([persisted, new HttpLink({ uri: URL_, fetch: logged })]);
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const { data } = await client.query({ query: gql(SOURCE), variables: { first: 4 } });
  assert.equal(data.items.nodes.length, 4);
  assert.deepEqual(sent, ["GET"]);
});

async function fetchPersisted({ id }, variables) {
  const response = await fetch(process.env.NEWSGRAPH_URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ documentId: id, variables }),
  });
  return response.json();
}

test("Relay sends the id that its compiler wrote", async () => {
  const environment = new relay.Environment({
    network: relay.Network.create(fetchPersisted),
    store: new relay.Store(new relay.RecordSource()),
  });
  const query = require("./relay/__generated__/FrontPageQuery.graphql.js");
  assert.equal(query.params.text, null);
  const variables = { count: 5, cursor: null, order: "NEWEST" };
  const data = await relay.fetchQuery(environment, query, variables).toPromise();
  assert.ok(data);
});
