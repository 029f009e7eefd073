import { didYouMean } from "../core/suggest.ts";
import { asList } from "./beginner.ts";
import { doubt, type Flaw, flaw } from "./flaw.ts";
import { type Known, matchFlaws, takesFrom } from "./match-check.ts";
import { thereAre } from "./name-list.ts";
import { entriesOf, type Path, valueAt } from "./path.ts";
import { retentionFlaws } from "./retention-check.ts";
import { compileWhen } from "./when.ts";
import type { YamlValues } from "./yaml-values.ts";

/** What a config's parts are held against, beyond their own form. */
export interface CrossCheck {
  /** The values of the file, which need not be valid. */
  readonly value: unknown;
  /** The names that routes may use as `template`; `undefined` when they are not known. */
  readonly templates: readonly string[] | undefined;
  /** The event types that a type of source is known to send. */
  readonly eventTypesOf: (sourceType: string) => readonly string[];
  scalarAt: YamlValues["scalarAt"];
  /** The key at a path as the file has it. */
  readonly nameAt: (path: Path) => string;
}

/** What is wrong between the parts of a config: names that lead nowhere, conditions that never hold, dead routes. */
export function crossCheck(check: CrossCheck): Flaw[] {
  const routes = listAt(check.value, ["routes"]);
  return [
    ...sendFlaws(check, routes),
    ...routes.flatMap((route, index) => routeFlaws(route, ["routes", index], check)),
    ...duplicateNames(routes),
    ...unreachable(routes),
    ...overtaken(reached(routes)),
    ...sentTwice(check, routes),
    ...retentionFlaws(check.value, (path) => check.scalarAt(path)?.shown),
  ];
}

/** Sources and destinations that no route has anything to do with; only told of a config without mistakes. */
export function unusedParts(check: CrossCheck): Flaw[] {
  const routes = listAt(check.value, ["routes"]);
  return [...unusedSources(check, routes), ...unusedDestinations(check, routes)];
}

function routeFlaws(route: unknown, path: Path, check: CrossCheck): Flaw[] {
  return [
    ...matchFlaws(valueAt(route, ["match"]), [...path, "match"], known(check)),
    ...whenFlaws(valueAt(route, ["when"]), [...path, "when"], check),
    ...templateFlaws(valueAt(route, ["template"]), [...path, "template"], check),
  ];
}

function known({ value, eventTypesOf, scalarAt, nameAt }: CrossCheck): Known {
  const sources = entriesOf(valueAt(value, ["sources"]));
  const types = sources.map(([, source]) => valueAt(source, ["type"]));
  const sourceTypes = [...new Set(types.filter((type) => typeof type === "string"))];
  return {
    sources: sources.map(([name]) => nameAt(["sources", name])),
    sourceTypes,
    eventTypes: sourceTypes.flatMap(eventTypesOf),
    shown: (path, given) => scalarAt(path)?.shown ?? String(given),
  };
}

function whenFlaws(when: unknown, path: Path, { scalarAt }: CrossCheck): Flaw[] {
  const note = scalarAt(path);
  if (typeof when !== "string" || when === "" || note === undefined) return [];
  const compiled = compileWhen(when);
  if ("matcher" in compiled) return [];
  return compiled.flaws.map(({ message, start, end }) =>
    flaw(path, message, note.spanOf(start, end)),
  );
}

function templateFlaws(template: unknown, path: Path, { templates, scalarAt }: CrossCheck): Flaw[] {
  if (typeof template !== "string" || template === "") return [];
  if (templates === undefined || templates.includes(template)) return [];
  const shown = scalarAt(path)?.shown ?? template;
  const meant = didYouMean(template, templates);
  return [
    flaw(
      path,
      `There is no template called "${shown}".${meant === "" ? thereAre(templates) : meant}`,
    ),
  ];
}

/** A name in `send`, and where it stands. */
interface Sent {
  readonly name: unknown;
  readonly path: Path;
}

function sentBy(holder: unknown, path: Path): Sent[] {
  const send = valueAt(holder, ["send"]);
  const at = [...path, "send"];
  if (!Array.isArray(send)) return [{ name: send, path: at }];
  return send.map((name: unknown, index) => ({ name, path: [...at, index] }));
}

function allSent({ value }: CrossCheck, routes: readonly unknown[]): Sent[] {
  return [
    ...routes.flatMap((route, index) => sentBy(route, ["routes", index])),
    ...sentBy(valueAt(value, ["operator"]), ["operator"]),
  ];
}

function sendFlaws(check: CrossCheck, routes: readonly unknown[]): Flaw[] {
  const names = entriesOf(valueAt(check.value, ["destinations"])).map(([name]) =>
    check.nameAt(["destinations", name]),
  );
  return allSent(check, routes).flatMap(({ name, path }) => {
    if (typeof name !== "string" || names.includes(name)) return [];
    const shown = check.scalarAt(path)?.shown ?? name;
    const meant = asList(shown) || didYouMean(name, names) || thereAre(names);
    return [flaw(path, `There is no destination called "${shown}".${meant}`)];
  });
}

function duplicateNames(routes: readonly unknown[]): Flaw[] {
  const seen = new Map<unknown, number>();
  return routes.flatMap((route, index) => {
    const name = valueAt(route, ["name"]);
    const before = seen.get(name);
    if (typeof name !== "string" || before === undefined) {
      seen.set(name, index);
      return [];
    }
    const message = `Two routes have this name: \`explain\` could not tell routes[${before}] and routes[${index}] apart.`;
    return [flaw(["routes", index, "name"], message)];
  });
}

function unreachable(routes: readonly unknown[]): Flaw[] {
  const last = routes.findIndex(takesAllAndStops);
  if (last === -1 || last === routes.length - 1) return [];
  const message = `No event comes this far: routes[${last}] takes every event and ends its search. Move it to the end.`;
  return [doubt(["routes", last + 1], message)];
}

/** The routes that events come to. */
function reached(routes: readonly unknown[]): readonly unknown[] {
  const last = routes.findIndex(takesAllAndStops);
  return last === -1 ? routes : routes.slice(0, last + 1);
}

function takesAllAndStops(route: unknown): boolean {
  return takesAll(route) && valueAt(route, ["stop"]) === true;
}

function takesAll(route: unknown): boolean {
  const match = valueAt(route, ["match"]);
  const hasNoMatch = match === undefined || (isGroup(match) && entriesOf(match).length === 0);
  return hasNoMatch && valueAt(route, ["when"]) === undefined;
}

function isGroup(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Routes all of whose destinations an earlier route sends every event to: the first to send there wins. */
function overtaken(routes: readonly unknown[]): Flaw[] {
  const takers = new Map<unknown, number>();
  return routes.flatMap((route, index) => {
    const names = sentBy(route, []).map(({ name }) => name);
    const taken = names.map((name) => takers.get(name));
    if (takesAll(route)) for (const name of names) if (!takers.has(name)) takers.set(name, index);
    const [by] = taken;
    if (by === undefined || taken.includes(undefined)) return [];
    const message = `This route sends nothing: routes[${by}] sends every event there already, and a destination gets an event only once. Move this route above it.`;
    return [doubt(["routes", index], message)];
  });
}

function sentTwice(check: CrossCheck, routes: readonly unknown[]): Flaw[] {
  const lists = [
    ...routes.map((route, index) => sentBy(route, ["routes", index])),
    sentBy(valueAt(check.value, ["operator"]), ["operator"]),
  ];
  return lists.flatMap((list) =>
    list
      .filter(({ name }, at) => list.findIndex((one) => one.name === name) < at)
      .filter(({ name }) => typeof name === "string")
      .map(({ path }) => doubt(path, "This name is in the list already. Remove one of them.")),
  );
}

function unusedSources({ value }: CrossCheck, routes: readonly unknown[]): Flaw[] {
  return entriesOf(valueAt(value, ["sources"])).flatMap(([name, source]) => {
    const type = valueAt(source, ["type"]);
    if (typeof type !== "string") return [];
    if (routes.some((route) => takesFrom(valueAt(route, ["match"]), { name, type }))) return [];
    return [doubt(["sources", name], `No route takes events from "${name}".`, "key")];
  });
}

function unusedDestinations(check: CrossCheck, routes: readonly unknown[]): Flaw[] {
  const used = new Set(allSent(check, routes).map(({ name }) => name));
  return entriesOf(valueAt(check.value, ["destinations"])).flatMap(([name]) =>
    used.has(name) ? [] : [doubt(["destinations", name], `Nothing is sent to "${name}".`, "key")],
  );
}

function listAt(value: unknown, path: Path): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}
