import { PLATFORMS, type Platform } from "../destinations/destination.ts";
import type { TemplateSheet } from "../render/rendered.ts";
import type { EventSort } from "./reach/event-sorts.ts";
import type { FlatRoute } from "./routes/flat-routes.ts";
import { doubt, type Flaw } from "./yaml/flaw.ts";
import type { RouteReach } from "./reach/route-reach.ts";

/** The use that routes make of one template file. */
export interface TemplateUse {
  readonly sheet: TemplateSheet;
  /** The sorts of event that come to it. */
  readonly sorts: ReadonlySet<EventSort>;
  /** The platforms that its messages go to. */
  readonly platforms: ReadonlySet<Platform>;
  /** The names of the routes, in order. */
  readonly routes: ReadonlySet<string>;
}

/** What the use of templates is worked out from. */
export interface TemplateTraffic {
  readonly reaches: readonly RouteReach[];
  /** The platforms of the destinations, by name. */
  readonly platforms: ReadonlyMap<string, string>;
  readonly sheets: readonly TemplateSheet[];
}

/** Which template file each route has its events rendered by, and the names of templates that lead to another one. */
export function templateUses({ reaches, platforms, sheets }: TemplateTraffic): {
  readonly uses: ReadonlyMap<TemplateSheet, TemplateUse>;
  readonly flaws: readonly Flaw[];
} {
  const uses = new Map<TemplateSheet, Open<TemplateUse>>();
  const flaws: Flaw[] = [];
  for (const { route, taken } of reaches) {
    for (const platform of platformsOf(route, platforms)) {
      const missing = missingVariant(route, platform, sheets);
      if (missing !== undefined) flaws.push(missing);
      for (const sort of taken) {
        for (const sheet of rendering(route, sort, platform, sheets)) {
          const use = uses.get(sheet) ?? emptyUse(sheet);
          uses.set(sheet, use);
          use.sorts.add(sort);
          use.platforms.add(platform);
          use.routes.add(route.name);
        }
      }
    }
  }
  return { uses, flaws };
}

type Open<T> = { [K in keyof T]: T[K] extends ReadonlySet<infer U> ? Set<U> : T[K] };

function emptyUse(sheet: TemplateSheet): Open<TemplateUse> {
  return { sheet, sorts: new Set(), platforms: new Set(), routes: new Set() };
}

function platformsOf({ send }: FlatRoute, platforms: ReadonlyMap<string, string>): Platform[] {
  const sent = new Set(send.map(({ name }) => platforms.get(String(name))));
  return PLATFORMS.filter((platform) => sent.has(platform));
}

function missingVariant(
  { template }: FlatRoute,
  platform: Platform,
  sheets: readonly TemplateSheet[],
): Flaw | undefined {
  const isThere = sheets.some((sheet) => sheet.name === template?.value);
  if (template === undefined || !isThere || sheetFor(String(template.value), platform, sheets))
    return undefined;
  const name = String(template.value);
  const message = `There is no ${name}.${platform}.hbs and no ${name}.hbs, so the default template takes the place of this one in destinations of type "${platform}". Add one of them.`;
  return doubt(template.path, message);
}

/** The files that may render events of a sort: the first that exists, after those of single types. */
function rendering(
  { template }: FlatRoute,
  { source, event }: EventSort,
  platform: Platform,
  sheets: readonly TemplateSheet[],
): readonly TemplateSheet[] {
  const wanted =
    typeof template?.value === "string" ? sheetFor(template.value, platform, sheets) : undefined;
  if (wanted !== undefined) return [wanted];
  const prefixes = [source.name, source.type].map((name) => `${name}.`);
  const fallback = sheetFor("default", platform, sheets);
  if (event === null) {
    const some = sheets.filter(
      (sheet) =>
        prefixes.some((prefix) => sheet.name.startsWith(prefix)) &&
        (sheet.variant === null || sheet.variant === platform),
    );
    return fallback === undefined ? some : [...some, fallback];
  }
  const own = prefixes.map((prefix) => sheetFor(prefix + event, platform, sheets));
  const found = [...own, fallback].find((sheet) => sheet !== undefined);
  return found === undefined ? [] : [found];
}

function sheetFor(
  name: string,
  platform: Platform,
  sheets: readonly TemplateSheet[],
): TemplateSheet | undefined {
  const named = sheets.filter((sheet) => sheet.name === name);
  return (
    named.find(({ variant }) => variant === platform) ??
    named.find(({ variant }) => variant === null)
  );
}
