import { didYouMean } from "../core/suggest.ts";
import { asList } from "./yaml/beginner.ts";
import { doubt, type Flaw, flaw } from "./yaml/flaw.ts";
import { type FlatRoute, flatRoutes, type Sent, sentBy } from "./routes/flat-routes.ts";
import { groupFlaws } from "./routes/group-check.ts";
import { type Known, matchFlaws, takesFrom } from "./routes/match-check.ts";
import { thereAre } from "./yaml/name-list.ts";
import { entriesOf, type Path, showPath, valueAt } from "./yaml/path.ts";
import { retentionFlaws } from "./retention-check.ts";
import { storeFlaws } from "./store/check.ts";
import { compileWhen } from "./routes/when.ts";
import { type WrittenRoute, writtenRoutes } from "./routes/written-routes.ts";
import type { YamlValues } from "./yaml/values.ts";

/** What a config's parts are held against, beyond their own form. */
export interface CrossCheck {
  /** The values of the file, which need not be valid. */
  readonly value: unknown;
  /** The folder that paths are relative to. */
  readonly folder: string;
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
  const written = writtenRoutes(check.value);
  return [
    ...storeFlaws({ ...check, spanOf: (path, ...part) => check.scalarAt(path)?.spanOf(...part) }),
    ...sendFlaws(check, written),
    ...written.flatMap((route) => routeFlaws(route, check)),
    ...duplicateNames(written, check),
    ...groupFlaws(written, check.value),
    ...sentTwice(check, written),
    ...retentionFlaws(check.value, (path) => check.scalarAt(path)?.shown),
  ];
}

/** Sources and destinations that no route has anything to do with; only told of a config without mistakes. */
export function unusedParts(check: CrossCheck): Flaw[] {
  const routes = flatRoutes(check.value);
  return [...unusedSources(check, routes), ...unusedDestinations(check, routes)];
}

/** What is wrong with a route's own keys; those that it inherits are told where they stand. */
function routeFlaws({ path }: WrittenRoute, check: CrossCheck): Flaw[] {
  const own = (key: string) => [valueAt(check.value, [...path, key]), [...path, key]] as const;
  return [
    ...matchFlaws(...own("match"), known(check)),
    ...whenFlaws(...own("when"), check),
    ...templateFlaws(...own("template"), check),
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

/** Each `send` of the config, where it stands, the operator's included. */
function allSends({ value }: CrossCheck, routes: readonly WrittenRoute[]): (readonly Sent[])[] {
  const places: Path[] = [...routes.map(({ path }) => path), ["operator"]];
  return places.map((place) => {
    const path = [...place, "send"];
    return sentBy({ value: valueAt(value, path), path });
  });
}

function sendFlaws(check: CrossCheck, routes: readonly WrittenRoute[]): Flaw[] {
  const names = entriesOf(valueAt(check.value, ["destinations"])).map(([name]) =>
    check.nameAt(["destinations", name]),
  );
  return allSends(check, routes)
    .flat()
    .flatMap(({ name, path }) => {
      if (typeof name !== "string" || names.includes(name)) return [];
      const shown = check.scalarAt(path)?.shown ?? name;
      const meant = asList(shown) || didYouMean(name, names) || thereAre(names);
      return [flaw(path, `There is no destination called "${shown}".${meant}`)];
    });
}

/** Names that are given are told apart from each other, and from what routes without a name are called. */
function duplicateNames(routes: readonly WrittenRoute[], check: CrossCheck): Flaw[] {
  const seen = new Map<string, WrittenRoute>();
  return routes.flatMap((route) => {
    const before = seen.get(route.name);
    if (before === undefined) {
      seen.set(route.name, route);
      return [];
    }
    const [one, other] = [before, route].map(({ path }) => showPath(path));
    const message = `Two routes have this name: \`explain\` could not tell ${one} and ${other} apart.`;
    const named = [route, before].find(({ path }) => valueAt(check.value, [...path, "name"]));
    return [flaw([...(named ?? route).path, "name"], message)];
  });
}

function sentTwice(check: CrossCheck, routes: readonly WrittenRoute[]): Flaw[] {
  return allSends(check, routes).flatMap((list) =>
    list
      .filter(({ name }, at) => list.findIndex((one) => one.name === name) < at)
      .filter(({ name }) => typeof name === "string")
      .map(({ path }) => doubt(path, "This name is in the list already. Remove one of them.")),
  );
}

function unusedSources({ value }: CrossCheck, routes: readonly FlatRoute[]): Flaw[] {
  return entriesOf(valueAt(value, ["sources"])).flatMap(([name, source]) => {
    const type = valueAt(source, ["type"]);
    if (typeof type !== "string") return [];
    const takes = ({ matches }: FlatRoute) =>
      matches.every((match) => takesFrom(match.value, { name, type }));
    if (routes.some(takes)) return [];
    return [doubt(["sources", name], `No route takes events from "${name}".`, "key")];
  });
}

function unusedDestinations({ value }: CrossCheck, routes: readonly FlatRoute[]): Flaw[] {
  const operator = sentBy({ value: valueAt(value, ["operator", "send"]), path: [] });
  const sent = [...routes.flatMap(({ send }) => send), ...operator];
  const used = new Set(sent.map(({ name }) => name));
  return entriesOf(valueAt(value, ["destinations"])).flatMap(([name]) =>
    used.has(name) ? [] : [doubt(["destinations", name], `Nothing is sent to "${name}".`, "key")],
  );
}
