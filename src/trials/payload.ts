import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { type Flaw, flaw } from "../config/yaml/flaw.ts";
import type { Path } from "../config/yaml/path.ts";
import type { JsonObject } from "../core/json.ts";
import { didYouMean } from "../core/suggest.ts";
import { isMapping } from "./part-of.ts";
import { removeAt, setAt } from "./payload-patch.ts";

/** A payload of a test: the path of a file, or the payload itself. */
export type GivenPayload = string | { readonly [key: string]: unknown };

/** The bytes of a payload, and the JSON in them where there is some; or what is wrong. */
export type ReadPayload =
  | { readonly body: Uint8Array; readonly json: JsonObject | undefined }
  | { readonly flaws: readonly Flaw[] };

/** Reads a payload; files are relative to `folder`, and `path` says where it stands in the test file. */
export async function readPayload(
  given: GivenPayload,
  path: Path,
  folder: string,
): Promise<ReadPayload> {
  if (typeof given !== "string") return bodyOf(given);
  const file = resolve(folder, given);
  try {
    const body = await readFile(file);
    return { body, json: parse(body) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const message =
      code === "ENOENT"
        ? `There is no file "${given}", seen from this one.${await likeNames(file)}`
        : `The file "${given}" cannot be read (${code}).`;
    return { flaws: [flaw(path, message)] };
  }
}

/** What a patch does to a payload. */
export interface Patch {
  /** Paths and values. */
  readonly set?: { readonly [path: string]: unknown } | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** The payload with values put in and taken out; `path` is where what asks for it stands in its file. */
export function patchPayload(
  read: Extract<ReadPayload, { body: Uint8Array }>,
  { set = {}, remove = [] }: Patch,
  path: Path,
): ReadPayload {
  const entries = Object.entries(set);
  if (entries.length === 0 && remove.length === 0) return read;
  if (read.json === undefined)
    return { flaws: [flaw(path, "This is no JSON object, so nothing in it can be changed.")] };
  const json = structuredClone(read.json) as { [key: string]: unknown };
  const flaws = [
    ...entries.map(([at, value]) => told(setAt(json, at, value), [...path, "set", at], "key")),
    ...remove.map((at, index) => told(removeAt(json, at), [...path, "remove", index], "value")),
  ].flat();
  return flaws.length > 0 ? { flaws } : bodyOf(json);
}

function told(message: string | undefined, path: Path, at: Flaw["at"]): Flaw[] {
  return message === undefined ? [] : [flaw(path, message, at)];
}

function bodyOf(json: { readonly [key: string]: unknown }): ReadPayload {
  return { body: new TextEncoder().encode(JSON.stringify(json)), json: json as JsonObject };
}

function parse(body: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isMapping(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

async function likeNames(file: string): Promise<string> {
  const names = await readdir(dirname(file)).catch(() => []);
  return didYouMean(basename(file), names);
}
