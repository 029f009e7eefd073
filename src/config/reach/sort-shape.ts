import type { ChangeKind } from "../../core/change.ts";
import { FACTS_SHAPE, NOTHING, type Shape } from "../../core/shape.ts";
import { conceivable, type EventSort } from "./event-sorts.ts";
import { isCarried } from "./possible.ts";

/** The shape of facts that events of some sorts have, `NOTHING` in the place of what none of them has. */
export function shapeOfSorts(sorts: readonly EventSort[]): Shape {
  const told = sorts.flatMap(conceivable);
  const carried = new Set<string>(told.flatMap(({ carries }) => carries));
  const narrow = (fields: Fields) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, shape]) => [
        name,
        isCarried(name) && !carried.has(name) ? NOTHING : shape,
      ]),
    );
  const kinds: readonly ChangeKind[] = [...new Set(told.map(({ kind }) => kind))];
  const change: Shape = {
    type: "object",
    fields: {
      ...narrow(FACTS_SHAPE.fields.change.fields),
      kind: { type: "string", values: kinds },
    },
  };
  const events = sorts.map(({ event }) => event);
  const known = events.every((event) => event !== null) ? { values: [...new Set(events)] } : {};
  const fields = {
    ...narrow(FACTS_SHAPE.fields),
    event: { type: "string", ...known } as const,
    change,
    changes: { type: "list", of: change } as const,
  };
  return { type: "object", fields };
}

type Fields = { readonly [name: string]: Shape };
