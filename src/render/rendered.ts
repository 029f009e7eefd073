import type { TemplateError } from "../core/error.ts";
import type { Facts } from "../core/facts.ts";
import type { Message } from "../core/message.ts";
import type { Outline } from "../core/outline.ts";
import type { Problem } from "../core/problem.ts";
import type { Shape } from "../core/shape.ts";
import type { Platform } from "../destinations/destination.ts";

/** The templates of a config, loaded and checked. */
export interface Templates {
  /** Every name that a route may use, sorted. */
  readonly names: readonly string[];
  /** The files that they are made of; without shipped ones that own ones take the place of. */
  readonly sheets: readonly TemplateSheet[];
  /** Own partials that no template uses, as warnings. */
  readonly unusedPartials: readonly Problem[];
  /** What is wrong with the files, in order of place. */
  readonly problems: readonly Problem[];
  /** A hash of all template texts, for the config's revision. */
  readonly fingerprint: string;
  /** Renders the first that exists: `wanted`, `<source>.<event type>`, `default`. Never throws. */
  render(wanted: string | null, facts: Facts, platform: Platform): Rendered;
}

/** A template's file, for checks that know which events come to it and where its messages go. */
export interface TemplateSheet {
  readonly name: string;
  /** The platform that it is for alone. */
  readonly variant: Platform | null;
  /** Whether it is the user's own. */
  readonly isOwn: boolean;
  readonly outline: Outline;
  /** A warning at a place of the outline, or, for an empty one, at the beginning of the file. */
  warn(place: string, message: string): Problem;
  /**
   * What it shows or compares in vain when only events of a shape come to it, as warnings that end with the reason.
   * `NOTHING` stands in the shape for what these events never have.
   */
  inVain(facts: Shape, why: string): readonly Problem[];
}

/** A rendered template. */
export interface Rendered {
  /** The template's name; `built-in` when none could be rendered. */
  readonly template: string;
  readonly message: Message;
  /** Why the built-in rendering had to take the template's place. */
  readonly failure?: TemplateError;
}
