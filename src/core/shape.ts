import type { ChangeKind, Tone } from "./change.ts";
import { CHANGE_KINDS, TONES } from "./change.ts";
import type { Facts } from "./facts.ts";

/** What a path may lead to: enough to check routes and templates before any event arrives. */
export type Shape =
  | { readonly type: "string"; readonly values?: readonly string[]; readonly time?: true }
  | { readonly type: "number" }
  | { readonly type: "boolean" }
  /** Anything at all: a vendor's payload, metadata. */
  | { readonly type: "any" }
  | { readonly type: "list"; readonly of: Shape }
  | { readonly type: "object"; readonly fields: { readonly [name: string]: Shape } };

/** The shape that a type of core must have, so that the compiler keeps the two together. */
type ShapeOf<T> = T extends readonly (infer U)[]
  ? { readonly type: "list"; readonly of: ShapeOf<U> }
  : T extends string
    ? { readonly type: "string"; readonly values?: readonly string[]; readonly time?: true }
    : T extends number
      ? { readonly type: "number" }
      : string extends keyof T
        ? { readonly type: "any" }
        : {
            readonly type: "object";
            readonly fields: { readonly [K in keyof T]-?: ShapeOf<NonNullable<T[K]>> };
          };

const string = { type: "string" } as const;
const time = { type: "string", time: true } as const;
const number = { type: "number" } as const;
const any = { type: "any" } as const;
const object = <F extends { readonly [name: string]: Shape }>(fields: F) =>
  ({ type: "object", fields }) as const;

const subscription = object({
  id: string,
  name: string,
  product_id: string,
  status: string,
  amount: number,
  currency: string,
  interval: string,
  started_at: time,
  ends_at: time,
  period_start: time,
  period_end: time,
  trial_end: time,
  seats: number,
  units: number,
  discount_id: string,
  metadata: any,
});
const benefit = object({ id: string, name: string, type: string });
const group = object({ id: string, key: string, name: string, color: string });
const meter = object({
  id: string,
  name: string,
  consumed: number,
  credited: number,
  balance: number,
});
const actor = object({ type: string, id: string, label: string });
const kind = { type: "string", values: CHANGE_KINDS satisfies readonly ChangeKind[] } as const;
const tone = { type: "string", values: TONES satisfies readonly Tone[] } as const;

const change = object({
  kind,
  summary: string,
  tone,
  subscription,
  benefit,
  group,
  meter,
  actor,
  fields: { type: "list", of: string } as const,
  before: any,
  after: any,
});

/** The shape of `Facts`: every path that routes, `when` and templates may use. */
export const FACTS_SHAPE = object({
  event: string,
  time,
  source: object({ name: string, type: string, label: string }),
  customer: object({
    id: string,
    label: string,
    name: string,
    email: string,
    external_id: string,
    metadata: any,
    url: string,
  }),
  changes: { type: "list", of: change } as const,
  change,
  tone,
  subscription,
  benefit,
  group,
  data: any,
}) satisfies ShapeOf<Facts>;

/** Stands, by identity, for what the events that come to one place never have. */
export const NOTHING: Shape = { type: "any" };

/** The shape at a path, lists entered silently; `undefined` where no event has one. */
export function shapeAt(shape: Shape, path: readonly string[]): Shape | undefined {
  let at: Shape = shape;
  for (const name of path) {
    while (at.type === "list") at = at.of;
    if (at.type === "any") return at;
    if (at.type !== "object") return undefined;
    const next: Shape | undefined = Object.hasOwn(at.fields, name) ? at.fields[name] : undefined;
    if (next === undefined) return undefined;
    at = next;
  }
  return at;
}
