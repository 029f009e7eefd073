import type { BodyChange } from "./bodies.ts";
import type { Framing } from "./framing.ts";
import type { Signing } from "./signing.ts";

/** How a request is made: plain data, so that a failing one can be printed, repeated and made smaller. */
export interface Recipe {
  readonly source: SourceName;
  /** Which of the source's sample payloads; any number. */
  readonly sample: number;
  readonly changes: readonly BodyChange[];
  readonly signing: Signing;
  readonly headers: readonly Header[];
  readonly line: RequestLine;
  readonly framing: Framing;
  readonly manner: Manner;
}

/** The names of the sources in the config. */
export type SourceName = "polar" | "plain";

/** A header as it goes over the wire. */
export type Header = readonly [name: string, value: string];

/** The first line of a request. */
export interface RequestLine {
  readonly method: string;
  /** `{source}` stands for the source's name. */
  readonly target: string;
  /**
   * Whether the bridge must take a signed webhook there: `webhook`; may, since the target means the same: `alike`;
   * or must not: `other`.
   */
  readonly is: "webhook" | "alike" | "other";
}

/** How the bytes are sent. */
export type Manner =
  /** Behind others on a connection that is kept open. */
  | { readonly kind: "pipelined" }
  /** In pieces on a connection of its own, with a pause between two; in milliseconds. */
  | { readonly kind: "pieces"; readonly pieces: number; readonly pauseMs: number }
  /** A part of it, and then the connection is closed or reset; the part is in [0, 1]. */
  | { readonly kind: "abandoned"; readonly part: number; readonly how: "closed" | "reset" };
