import { type Flaw, flaw } from "../config/yaml/flaw.ts";
import { thereAre } from "../config/yaml/name-list.ts";
import { entriesOf, type Path, valueAt } from "../config/yaml/path.ts";
import { CHANGE_KINDS } from "../core/change.ts";
import { leavesOf } from "../core/route.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Stage } from "../pipeline/rehearse.ts";

/** What is wrong with the names in a test file, whose value need not be valid: those that the config does not have. */
export function nameFlaws(value: unknown, stage: Stage): Flaw[] {
  const { tests } = value as { readonly tests?: unknown };
  if (!Array.isArray(tests)) return [];
  return [
    ...tests.flatMap((test: unknown, index) => flawsIn(test, ["tests", index], stage)),
    ...duplicates(tests),
  ];
}

function flawsIn(test: unknown, path: Path, stage: Stage): Flaw[] {
  const sources = [...stage.sources.keys()];
  const destinations = [...stage.destinations.keys()];
  const routes = leavesOf(stage.routes).map(({ name }) => name);
  const at = (...steps: string[]) => listAt(test, path, steps);
  const messages = entriesOf(valueAt(test, ["expect", "messages"]));
  return [
    ...at("source").flatMap((one) => unknown(one, "source", sources)),
    ...at("expect", "changes").flatMap(unknownKind),
    ...at("expect", "routes").flatMap((one) => unknown(one, "route", routes)),
    ...at("expect", "sent").flatMap((one) => unknown(one, "destination", destinations)),
    ...messages.flatMap(([name, message]) => {
      const below: Path = [...path, "expect", "messages", name];
      const route = { value: valueAt(message, ["route"]), path: [...below, "route"] };
      const isKey = { value: name, path: below, at: "key" } as const;
      return [...unknown(isKey, "destination", destinations), ...unknown(route, "route", routes)];
    }),
  ];
}

/** A value in a test file, and where it stands. */
interface Placed {
  readonly value: unknown;
  readonly path: Path;
  readonly at?: "key";
}

/** The elements of a list below a test, or the one value that stands in its place. */
function listAt(test: unknown, path: Path, steps: readonly string[]): Placed[] {
  const value = valueAt(test, steps);
  const below = [...path, ...steps];
  if (!Array.isArray(value)) return [{ value, path: below }];
  return value.map((one: unknown, index) => ({ value: one, path: [...below, index] }));
}

function unknown({ value, path, at }: Placed, noun: string, names: readonly string[]): Flaw[] {
  if (typeof value !== "string" || names.includes(value)) return [];
  const meant = didYouMean(value, names) || thereAre(names);
  return [flaw(path, `The config has no ${noun} called "${value}".${meant}`, at)];
}

function unknownKind({ value, path }: Placed): Flaw[] {
  const isPart = typeof value === "object" && value !== null;
  const kind = isPart ? valueAt(value, ["kind"]) : value;
  if (typeof kind !== "string" || CHANGE_KINDS.some((known) => known === kind)) return [];
  const meant = didYouMean(kind, CHANGE_KINDS) || " `bellhop shapes` lists them all.";
  const place = isPart ? [...path, "kind"] : path;
  return [flaw(place, `There is no kind of change called "${kind}".${meant}`)];
}

function duplicates(tests: readonly unknown[]): Flaw[] {
  const names = tests.map((test) => valueAt(test, ["name"]));
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (typeof name !== "string" || first === index) return [];
    return [
      flaw(["tests", index, "name"], `tests[${first}] has this name already. Give it another.`),
    ];
  });
}
