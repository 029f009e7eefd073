import { readdir, readFile } from "node:fs/promises";
import { type Facts, factsOf } from "../../core/facts.ts";
import { PACKAGE_FOLDER } from "../../package-folder.ts";
import { SOURCE_TYPES } from "../../sources/index.ts";
import type { Snapshot, Source } from "../../sources/source.ts";

const SAMPLES = new URL("samples/", PACKAGE_FOLDER);

/** What routes and templates see of the samples of a type of source, in the order that they happened; never empty. */
export async function sampleFacts(type: keyof typeof SOURCE_TYPES): Promise<readonly Facts[]> {
  const source = SAMPLE_SOURCES[type]();
  const folder = new URL(`${type}/`, SAMPLES);
  const names = (await readdir(folder)).filter((name) => !OUTDATED.test(name)).toSorted();
  const bodies = await Promise.all(names.map((name) => readFile(new URL(name, folder))));
  const events = bodies.map((body) => source.parse(body));
  const inOrder = events.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time));
  const known = new Map<string, Snapshot>();
  return inOrder.flatMap((event) => {
    const comparison = source.changes(event, known.get(event.subject));
    if (comparison.isStale) return [];
    // The samples are about one customer, and of one who is deleted nothing more would be told.
    const isLast = comparison.changes.some((change) => change.kind === "customer.deleted");
    if (comparison.snapshot !== undefined && !isLast) known.set(event.subject, comparison.snapshot);
    const [first, ...rest] = comparison.changes;
    return first === undefined ? [] : [factsOf(event, source, [first, ...rest])];
  });
}

/** As the vendor sent them once, and does not any more. */
const OUTDATED = /-\d{4}\.json$/;

/** Sources with all that can be told turned on, and names for the ids in the samples. */
const SAMPLE_SOURCES: { readonly [type in keyof typeof SOURCE_TYPES]: () => Source } = {
  polar: () =>
    SOURCE_TYPES.polar.create(
      "polar",
      SOURCE_TYPES.polar.config.parse({
        type: "polar",
        secrets: ["0"],
        organization: "northwind",
        meters: "all",
        names: {
          products: {
            "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23": "Pro",
            "a4dc63dc-7c1a-4a43-9c54-0b55f6f4b0b9": "Scale",
          },
          benefits: { "397a17aa-15cf-4cb4-9333-18040203cf98": "License key" },
          meters: { "d498a884-e2cd-4d3e-8002-f536468a8b22": "API calls" },
        },
      }),
    ),
  plain: () =>
    SOURCE_TYPES.plain.create(
      "plain",
      SOURCE_TYPES.plain.config.parse({
        type: "plain",
        secrets: ["0"],
        names: { users: { u_01H1V4NA10RMHWFBXB6A1ZBYRA: "Dana Smith" } },
      }),
    ),
};
