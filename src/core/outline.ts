import type { Json } from "./json.ts";

/**
 * What a template says of every event alike, to be held against a platform's limits before any event comes.
 * Texts are what is the same in all of them, without values and without what stands in blocks: never longer than what
 * is sent.
 */
export interface Outline {
  /** By place in the template: `title`, `fields[0].label`, and `body` for what is below the front matter. */
  readonly texts: ReadonlyMap<string, string>;
  /** How many fields a message can have. */
  readonly fields: number;
  /** How many buttons a message can have. */
  readonly buttons: number;
  /** The platform's own blocks or embeds, if the template has some. */
  readonly native: readonly Json[] | null;
}

/** A limit of a platform that a template goes beyond. */
export interface Excess {
  /** The place in the template: `fields[10]`, `blocks[0].fields[10]`. */
  readonly place: string;
  /** What the platform's limit is and what becomes of the rest, in a sentence or two. */
  readonly message: string;
}
