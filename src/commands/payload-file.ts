import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { JsonObject } from "../core/json.ts";
import type { Source } from "../sources/source.ts";
import { usageError } from "./failure.ts";

/** The bytes of a payload file; `-` is standard input. Rejects with a usage error when it cannot be read. */
export async function readPayload(file: string): Promise<Uint8Array> {
  try {
    return file === "-" ? await buffer(process.stdin) : await readFile(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw usageError(`The payload ${file} cannot be read: ${why}.`);
  }
}

/** The configured source that a payload belongs to: the one named, else the one whose vendor it looks like. */
export async function sourceFor(
  body: Uint8Array,
  sources: readonly Source[],
  named: string | undefined,
): Promise<Source> {
  const names = sources.map((one) => one.name).join(", ");
  if (named !== undefined) {
    const found = sources.find((one) => one.name === named);
    if (found !== undefined) return found;
    throw usageError(`The config has no source called "${named}".`, `It has: ${names}.`);
  }
  const { sourcesLike } = await import("../config/recognize.ts");
  const payload = parse(body);
  if (payload === undefined)
    throw usageError(
      "The payload does not look like any configured source's: it is no JSON object.",
    );
  const fitting = sourcesLike(payload, sources);
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  throw usageError(
    only === undefined
      ? "The payload does not look like any configured source's."
      : `The payload may belong to several sources: ${fitting.map((one) => one.name).join(", ")}.`,
    `Name one with --source: ${names}.`,
  );
}

function parse(body: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === "object" && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
