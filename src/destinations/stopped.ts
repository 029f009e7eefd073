import type { Outcome } from "../core/outcome.ts";

/** The outcome of an attempt that was stopped before it began. */
export const STOPPED: Outcome = {
  kind: "retry",
  scope: "lane",
  reason: { code: "stopped", text: "The attempt was stopped before it began." },
  own: true,
};
