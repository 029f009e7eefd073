import { type CelReach, celReach } from "./cel-reach.ts";
import { canHold } from "./demand-logic.ts";
import type { EventSort, EventSorts } from "./event-sorts.ts";
import { doubt, type Flaw, flaw, type Span } from "../yaml/flaw.ts";
import type { Path } from "../yaml/path.ts";
import type { RouteReach } from "./route-reach.ts";

/** The place in the file of a part of a text that the config holds. */
type SpanOf = (path: Path, start: number, end: number) => Span | undefined;

/** The `when` of a route, own or inherited, that holds for no event that its matches let through, or for every one. */
export function whenReachFlaws(
  { route, demands, matched }: RouteReach,
  sorts: EventSorts,
  spanOf: SpanOf,
): Flaw[] {
  const possible = sorts.possible.filter((sort) => canHold(demands, sort));
  return route.whens.flatMap(({ value, path }) => {
    const [whole, ...parts] = celReach(String(value));
    const candidates = parts.length === 0 ? [whole] : [...parts, whole];
    const at = ({ start, end }: CelReach) => spanOf(path, start, end) ?? "value";
    const never = candidates.find((one) => !possible.some(one.canHold));
    if (possible.length > 0 && never !== undefined)
      return [flaw(path, `This never holds: ${why(never, possible)}`, at(never))];
    if (sorts.possible.every(whole.isAlways))
      return [doubt(path, "This holds for every event. Leave it out.", at(whole))];
    const unsourced = candidates.find((one) => !matched.some(one.canHold));
    if (matched.length === 0 || unsourced === undefined) return [];
    const message = `This never holds with the sources of this config: ${why(unsourced, matched)}`;
    return [doubt(path, message, at(unsourced))];
  });
}

function why(reach: CelReach, sorts: readonly EventSort[]): string {
  const [first = [], ...rest] = sorts.map(reach.lacking);
  const lacking = first.filter((fact) => rest.every((one) => one.includes(fact)));
  const facts = lacking.map((fact) => `\`${fact}\``).join(" and no ");
  return facts === ""
    ? "no event that comes here is like that."
    : `the events that come here have no ${facts}.`;
}
