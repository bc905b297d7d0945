// Bundles the playground into ../dist: index.html, and assets/ with hashed files and their gzipped copies.
import { build } from "esbuild";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

import { queriesOf } from "./guide.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const assets = join(dist, "assets");
const guide = await readFile(new URL("../../../docs/graphql.md", import.meta.url), "utf8");
const common = {
  bundle: true,
  minify: true,
  metafile: true,
  target: "es2022",
  outdir: assets,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  legalComments: "linked",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
};

/** Returns the names of the built files of each entry point, by its path. */
function outputs({ metafile }) {
  return Object.fromEntries(
    Object.entries(metafile.outputs)
      .filter(([, output]) => output.entryPoint)
      .map(([path, output]) => [output.entryPoint, { js: basename(path), css: output.cssBundle && basename(output.cssBundle) }]),
  );
}

/** Builds each worker as one classic script, so that its policy can forbid it to load anything. */
async function buildWorkers() {
  const entries = {
    editor: "node_modules/monaco-editor/esm/vs/editor/editor.worker.js",
    json: "node_modules/monaco-editor/esm/vs/language/json/json.worker.js",
    graphql: "node_modules/monaco-graphql/esm/graphql.worker.js",
  };
  const built = outputs(await build({ ...common, format: "iife", entryPoints: Object.values(entries) }));
  return Object.fromEntries(Object.entries(entries).map(([label, path]) => [label, built[path].js]));
}

async function buildPage(workers) {
  const result = await build({
    ...common,
    format: "esm",
    splitting: true,
    jsx: "automatic",
    entryPoints: ["src/main.jsx", "src/favicon.svg"],
    loader: { ".graphql": "text", ".svg": "copy", ".ttf": "file", ".woff": "file", ".woff2": "file" },
    // GraphiQL imports these names of Prettier's parsers, which are CommonJS: Prettier finds nothing in them.
    alias: { "prettier/parser-graphql": "prettier/plugins/graphql", "prettier/parser-babel": "prettier/plugins/babel" },
    define: { ...common.define, WORKERS: JSON.stringify(workers), GUIDE: JSON.stringify(queriesOf(guide)) },
  });
  const { js, css } = outputs(result)["src/main.jsx"];
  const icon = Object.keys(result.metafile.outputs).map((path) => basename(path)).find((name) => name.endsWith(".svg"));
  const page = await readFile("src/index.html", "utf8");
  const names = { "main.js": js, "main.css": css, "favicon.svg": icon };
  await writeFile(join(dist, "index.html"), page.replace(/%([\w.]+)%/g, (_, name) => names[name]));
  // esbuild also writes the styles of each lazily imported part, but the page's stylesheet already has them.
  const paths = Object.keys(result.metafile.outputs);
  const spare = paths.filter((path) => path.endsWith(".css") && basename(path) !== css);
  await Promise.all(spare.map((path) => rm(path)));
  return paths.filter((path) => !spare.includes(path));
}

/** Compresses the types of files that get much smaller, here rather than for each request. */
async function compress(paths) {
  const squeeze = promisify(gzip);
  for (const path of paths.filter((path) => /\.(js|css|svg|ttf)$/.test(path))) {
    await writeFile(`${path}.gz`, await squeeze(await readFile(path), { level: constants.Z_BEST_COMPRESSION }));
  }
}

await rm(dist, { recursive: true, force: true });
const workers = await buildWorkers();
const written = await buildPage(workers);
await compress([...written, ...Object.values(workers).map((name) => join(assets, name))]);
