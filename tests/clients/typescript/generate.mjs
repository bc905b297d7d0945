// Write the schema's types and those of queries.graphql, as `graphql-codegen` does.
import { readFileSync, writeFileSync } from "node:fs";

import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescript from "@graphql-codegen/typescript";
import * as operations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

const SETTINGS = {
  strictScalars: true,
  scalars: { DateTime: "string", URL: "string", JSON: "unknown" },
  useTypeImports: true,
};

const read = (file) => parse(readFileSync(new URL(file, import.meta.url), "utf8"));

async function generate(filename, plugins) {
  const text = await codegen({
    filename,
    schema: read("schema.graphql"),
    documents: [{ location: "queries.graphql", document: read("queries.graphql") }],
    config: SETTINGS,
    plugins: Object.keys(plugins).map((name) => ({ [name]: {} })),
    pluginMap: plugins,
  });
  writeFileSync(new URL(filename, import.meta.url), text);
}

await generate("schema.ts", { typescript });
await generate("types.ts", { operations, typedDocumentNode });
