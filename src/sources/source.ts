import type { z } from "zod";
import type { Change, ChangeKind } from "../core/change.ts";
import type { SourceEvent } from "../core/event.ts";
import type { SourceFacts } from "../core/facts.ts";
import type { JsonObject } from "../core/json.ts";

/** A configured place that webhooks come from. CONTRIBUTING.md tells how to add a type of source. */
export interface Source extends SourceFacts {
  /** What of its settings shows in events and changes: sources of one type with the same manner tell all payloads alike. */
  readonly manner: string;
  /** Whether the webhook is authentic, judged over the raw bytes in constant time; never throws. */
  verify(webhook: Webhook, now: Date): Verdict;
  /**
   * The event in the body of an authentic webhook.
   * Throws a `PayloadError` when the body is not JSON or not of its type's schema.
   */
  parse(body: Uint8Array): SourceEvent;
  /** What the event changed, compared with the subject's last snapshot where the vendor sends a full state. */
  changes(event: SourceEvent, before: Snapshot | undefined): Comparison;
  /** The headers that the vendor would send with this body, for `send`, `demo` and tests. */
  sign(body: Uint8Array, now: Date, id: string): Record<string, string>;
  /** The payload as the vendor would deliver it now: attempt times renewed, the rest untouched. */
  refresh(body: Uint8Array, now: Date): Uint8Array;
}

/** One inbound HTTP request. */
export interface Webhook {
  /** Lower-case names; a repeated header holds its first value. */
  readonly headers: { readonly [name: string]: string | undefined };
  /** The raw bytes. */
  readonly body: Uint8Array;
}

/** Whether a webhook is authentic; `key` is what the vendor keeps stable over retries and redeliveries. */
export type Verdict =
  | { readonly authentic: true; readonly key: string }
  | { readonly authentic: false; readonly reason: "missing" | "mismatch" | "stale" };

/** What was last known of a subject, kept without what no message shows. */
export interface Snapshot {
  /** The time of the event that it came from, as the vendor wrote it. */
  readonly time: string;
  /** Of the source's own shape. */
  readonly state: JsonObject;
}

/** What came of comparing an event with the snapshot before it. */
export type Comparison =
  /** Older than the snapshot, or the same again: nothing is told and nothing is kept. */
  | { readonly isStale: true }
  /** `snapshot` takes the place of the one before; `changes` may be empty. */
  | { readonly isStale: false; readonly changes: readonly Change[]; readonly snapshot?: Snapshot };

/** A type of source: what the registry lists. */
export interface SourceType<C extends z.ZodType = z.ZodType> {
  /** The value of `type` in the config. */
  readonly type: string;
  /** How messages call it unless the config says otherwise. */
  readonly label: string;
  /** The settings below `type`; strict. */
  readonly config: C;
  create(name: string, settings: z.output<C>): Source;
  /** Whether a payload looks like this vendor's, for `send` and `preview`. */
  recognizes(payload: JsonObject): boolean;
  /** The event types that changes are computed for; every other one becomes `event.received`. */
  readonly eventTypes: readonly string[];
  /** What events of these types can tell, as checks of routes and templates take it. */
  readonly changeKinds: readonly ToldKind[];
}

/** A kind of change that a type of source tells. */
export interface ToldKind {
  readonly kind: ChangeKind;
  /** The facts that such a change can have beside its kind, summary and tone; it never has any other. */
  readonly carries: readonly CarriedFact[];
  /** The setting of the source without one of whose values such a change is never told. */
  readonly needs?: { readonly setting: string; readonly values: readonly string[] };
}

/** A fact that changes of some kinds have and others lack. */
export type CarriedFact = Exclude<keyof Change, "kind" | "summary" | "tone">;
