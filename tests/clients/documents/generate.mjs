// Write what graphql-codegen's client preset does with `persistedDocuments: true`.
import { readFileSync, writeFileSync } from "node:fs";

import { preset } from "@graphql-codegen/client-preset";
import { codegen } from "@graphql-codegen/core";
import { buildASTSchema, parse } from "graphql";

const read = (file) => readFileSync(new URL(file, import.meta.url), "utf8");
const schema = parse(read("schema.graphql"));
const rawSDL = read("queries.graphql");

const outputs = await preset.buildGeneratesSection({
  baseOutputDir: "generated/",
  schema,
  schemaAst: buildASTSchema(schema),
  documents: [{ location: "queries.graphql", document: parse(rawSDL), rawSDL }],
  config: { documentMode: "string" },
  presetConfig: { persistedDocuments: true },
  plugins: [],
  pluginMap: {},
});
for (const output of outputs) {
  writeFileSync(new URL(output.filename, import.meta.url), await codegen(output));
}
