import { didYouMean } from "../core/suggest.ts";
import { doubt, type Flaw, flaw } from "./flaw.ts";
import { type Known, matchFlaws, takesFrom } from "./match-check.ts";
import { thereAre } from "./name-list.ts";
import { entriesOf, type Path, valueAt } from "./path.ts";
import { compileWhen } from "./when.ts";
import type { YamlValues } from "./yaml-values.ts";

/** What a config's parts are held against, beyond their own form. */
export interface CrossCheck {
  /** The values of the file, which need not be valid. */
  readonly value: unknown;
  /** The names that routes may use as `template`. */
  readonly templates: readonly string[];
  /** The event types that a type of source is known to send. */
  readonly eventTypesOf: (sourceType: string) => readonly string[];
  scalarAt: YamlValues["scalarAt"];
}

/** What is wrong between the parts of a config: names that lead nowhere, conditions that never hold, dead routes. */
export function crossCheck(check: CrossCheck): Flaw[] {
  const routes = listAt(check.value, ["routes"]);
  return [
    ...sendFlaws(check, routes),
    ...routes.flatMap((route, index) => routeFlaws(route, ["routes", index], check)),
    ...duplicateNames(routes),
    ...unreachable(routes),
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

function known({ value, eventTypesOf, scalarAt }: CrossCheck): Known {
  const sources = entriesOf(valueAt(value, ["sources"]));
  const types = sources.map(([, source]) => valueAt(source, ["type"]));
  const sourceTypes = [...new Set(types.filter((type) => typeof type === "string"))];
  return {
    sources: sources.map(([name]) => name),
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
  if (typeof template !== "string" || template === "" || templates.includes(template)) return [];
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
  const names = entriesOf(valueAt(check.value, ["destinations"])).map(([name]) => name);
  return allSent(check, routes).flatMap(({ name, path }) => {
    if (typeof name !== "string" || names.includes(name)) return [];
    const shown = check.scalarAt(path)?.shown ?? name;
    const meant = didYouMean(name, names);
    return [
      flaw(
        path,
        `There is no destination called "${shown}".${meant === "" ? thereAre(names) : meant}`,
      ),
    ];
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

function takesAllAndStops(route: unknown): boolean {
  const isUnconditional =
    entriesOf(valueAt(route, ["match"])).length === 0 && valueAt(route, ["when"]) === undefined;
  return isUnconditional && valueAt(route, ["stop"]) === true;
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
