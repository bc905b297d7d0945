// Bundles the reader into ../dist: index.html, and assets/ with hashed files and their gzipped copies.
import { build } from "esbuild";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

await rm(dist, { recursive: true, force: true });
const { metafile } = await build({
  bundle: true,
  minify: true,
  metafile: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  entryPoints: ["src/main.tsx", "src/favicon.svg"],
  outdir: join(dist, "assets"),
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "copy", ".woff2": "file" },
  legalComments: "linked",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});

const outputs = Object.entries(metafile.outputs);
const paths = outputs.map(([path]) => path);
const [mainPath, main] = outputs.find(([, { entryPoint }]) => entryPoint === "src/main.tsx");
const names = {
  "main.js": basename(mainPath),
  "main.css": basename(main.cssBundle),
  "favicon.svg": basename(paths.find((path) => path.endsWith(".svg"))),
  font: basename(paths.find((path) => /newsreader-latin-opsz-normal/.test(path))),
};
const page = await readFile("src/index.html", "utf8");
await writeFile(join(dist, "index.html"), page.replace(/%([\w.]+)%/g, (_, name) => names[name]));

const squeeze = promisify(gzip);
for (const path of paths.filter((path) => /\.(js|css|svg)$/.test(path))) {
  await writeFile(`${path}.gz`, await squeeze(await readFile(path), { level: constants.Z_BEST_COMPRESSION }));
}
