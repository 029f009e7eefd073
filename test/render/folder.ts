import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Facts } from "../../src/core/facts.ts";
import type { Message } from "../../src/core/message.ts";
import type { Templates } from "../../src/render/rendered.ts";
import { loadTemplates } from "../../src/render/templates.ts";

/** The folder of the templates that ship with Bellhop. */
export const SHIPPED = fileURLToPath(new URL("../../templates", import.meta.url));

/** File names to texts. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder that holds the files until the test is over. */
export async function folderOf(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-templates-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** The templates of a folder that holds the files, and of another that takes the place of Bellhop's. */
export async function load(own: Files, shipped: Files = {}): Promise<Templates> {
  return loadTemplates({ own: await folderOf(own), shipped: await folderOf(shipped) });
}

/** The message of one template, which must be right and must not fail. */
export async function renderOne(
  text: string,
  facts: Facts,
  partials: Readonly<Record<string, string>> = {},
): Promise<Message> {
  const files = Object.entries(partials).map(([name, body]) => [`partials/${name}.hbs`, body]);
  const templates = await load({ "one.hbs": text, ...Object.fromEntries(files) });
  const rendered = templates.render("one", facts, "slack");
  if (templates.problems[0] !== undefined) throw new Error(templates.problems[0].message);
  if (rendered.failure !== undefined) throw rendered.failure;
  return rendered.message;
}
