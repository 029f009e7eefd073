import { BridgeError } from "../../core/error.ts";
import type { Problem } from "../../core/problem.ts";

/** A config that cannot be used: everything that is wrong with it, its message the text that `check` prints. */
export class ConfigError extends BridgeError {
  /** Errors and warnings in order of place; never holds a value of the environment. */
  readonly problems: readonly Problem[];

  constructor(text: string, problems: readonly Problem[]) {
    super("config-invalid", text);
    this.problems = problems;
  }
}
