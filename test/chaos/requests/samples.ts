import { readFile } from "node:fs/promises";
import type { SourceName } from "./recipe.ts";

/** Stands in a sample where the time of the delivery attempt belongs. */
export const ATTEMPTED_AT = "ATTEMPTED_AT";

/** The samples of each source as text, with customers of so many lanes in turn. */
export async function readSamples(
  lanes: number,
): Promise<Readonly<Record<SourceName, readonly string[]>>> {
  const read = (names: readonly string[]) =>
    Promise.all(names.map((name, index) => readSample(name, index % lanes)));
  return {
    polar: await read([
      "polar/created",
      "polar/subscribed",
      "polar/plan-changed",
      "polar/order-paid",
    ]),
    plain: await read(["plain/group-added", "plain/group-removed", "plain/group-added-2023"]),
  };
}

async function readSample(name: string, lane: number): Promise<string> {
  const text = await readFile(new URL(`../../../samples/${name}.json`, import.meta.url), "utf8");
  return text
    .replaceAll(/"([^"@]+)@[^"]+"/g, `"$1@lane${lane}.example"`)
    .replace(/("webhookDeliveryAttemptTimestamp": ")[^"]*/, `$1${ATTEMPTED_AT}`);
}
