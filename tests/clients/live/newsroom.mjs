// A folder of items, and the command that loads it: what changes while clients listen.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const FOLDER = process.env.NEWS_FOLDER;

/** Publishes an item, and resolves when it is loaded. */
export async function publish(title) {
  const text = `---\ntitle: ${title}\nslug: ${title}\ndate: ${new Date().toISOString()}\n---\n`;
  await writeFile(join(FOLDER, `${title}.md`), text);
  await run(process.env.NEWSGRAPH, ["load", FOLDER]);
}
