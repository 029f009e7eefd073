import { isDeepStrictEqual } from "node:util";
import { flaw } from "../config/yaml/flaw.ts";
import { showPath, valueAt } from "../config/yaml/path.ts";
import { parseYaml, type YamlSource } from "../config/yaml/source.ts";
import { readValues } from "../config/yaml/values.ts";
import { BridgeError } from "../core/error.ts";
import type { Miss } from "./expectations.ts";
import { isMapping } from "./part-of.ts";
import { edited, type Edit } from "./yaml-edit.ts";

/**
 * The text of a test file with what came written in place of expectations that are missing or wrong; the same text
 * when there are none that can be written. Throws a `BridgeError` that names the place when what is written would not
 * be read back as meant, or would change what another test expects.
 */
export function updatedText(file: string, source: YamlSource, misses: readonly Miss[]): string {
  const edits = misses.flatMap(({ path, fix }): Edit[] =>
    fix === undefined ? [] : [{ path, fix }],
  );
  const text = edited(source, edits);
  if (isAsMeant(text, edits, source)) return text;
  const odd = edits.find((one) => !isAsMeant(edited(source, [one]), [one], source)) ?? edits[0];
  const path = odd?.path ?? [];
  const { line, column } = source.locate(flaw(path, ""), file);
  throw new BridgeError(
    "update-failed",
    `${file}:${line}:${column}: \`${showPath(path.slice(2))}\` cannot be written here.`,
    {
      hint: "Write `expect:` on a line of its own below the test, without an anchor (`&`) or alias (`*`) that other tests share, and leave it empty.",
    },
  );
}

/** Whether a text holds what the source does, but for the edits. */
function isAsMeant(text: string, edits: readonly Edit[], source: YamlSource): boolean {
  const after = parseYaml(text);
  if (!after.isReadable) return false;
  const [was, is] = [source, after].map((one) => readValues(one, null).value);
  const meant = edits.reduce((value, edit) => withEdit(value, edit.path, edit), was);
  return isDeepStrictEqual(withNulls(is), withNulls(meant));
}

/** A mapping whose last key was taken out may be left with nothing at all. */
function withNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNulls);
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, withNulls(one)] as const);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** A copy of a value with an edit made below it. */
function withEdit(value: unknown, [step, ...rest]: Edit["path"], { path, fix }: Edit): unknown {
  if (step === undefined) return fix === "remove" ? undefined : fix.write;
  const inner = withEdit(valueAt(value, [step]), rest, { path, fix });
  if (Array.isArray(value)) return value.with(Number(step), inner);
  const entries = Object.entries(isMapping(value) ? value : {});
  const others = entries.filter(([key]) => key !== step);
  return Object.fromEntries(inner === undefined ? others : [...others, [step, inner]]);
}
