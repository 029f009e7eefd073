import type { Problem } from "../../core/problem.ts";
import type { Path } from "./path.ts";

/** A part of the config's text: offsets in UTF-16 code units, the end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Something wrong with the config, before its line and column are worked out. */
export interface Flaw {
  readonly severity: Problem["severity"];
  readonly path: Path;
  readonly message: string;
  /** Where to point: at the value (or, when it is missing, at what should hold it), at the key, or at a span. */
  readonly at: "value" | "key" | Span;
}

/** An error at a path. */
export function flaw(path: Path, message: string, at: Flaw["at"] = "value"): Flaw {
  return { severity: "error", path, message, at };
}

/** A warning at a path. */
export function doubt(path: Path, message: string, at: Flaw["at"] = "value"): Flaw {
  return { severity: "warning", path, message, at };
}
