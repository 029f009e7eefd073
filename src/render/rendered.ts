import type { TemplateError } from "../core/error.ts";
import type { Facts } from "../core/facts.ts";
import type { Message } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import type { Platform } from "../destinations/destination.ts";

/** The templates of a config, loaded and checked. */
export interface Templates {
  /** Every name that a route may use, sorted. */
  readonly names: readonly string[];
  /** What is wrong with the files, in order of place. */
  readonly problems: readonly Problem[];
  /** A hash of all template texts, for the config's revision. */
  readonly fingerprint: string;
  /** Renders the first that exists: `wanted`, `<source>.<event type>`, `default`. Never throws. */
  render(wanted: string | null, facts: Facts, platform: Platform): Rendered;
}

/** A rendered template. */
export interface Rendered {
  /** The template's name; `built-in` when none could be rendered. */
  readonly template: string;
  readonly message: Message;
  /** Why the built-in rendering had to take the template's place. */
  readonly failure?: TemplateError;
}
