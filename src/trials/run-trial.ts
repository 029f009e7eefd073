import { verdictsOf } from "../core/rulebook.ts";
import { rehearse, type Stage } from "../pipeline/rehearse.ts";
import { type Miss, missesOf } from "./expectations.ts";
import type { Trial } from "./read-trials.ts";
import { shownMessage } from "./shown-message.ts";

/** What came of a test. */
export interface Tried {
  readonly name: string;
  /** Empty when it passed. */
  readonly misses: readonly Miss[];
  /** What helps to understand misses: why a payload cannot be read, which template failed; one sentence each. */
  readonly remarks: readonly string[];
}

/** Runs a test: decides its payload and makes its messages as the bridge would, sending nothing. */
export function runTrial(trial: Trial, stage: Stage): Tried {
  const { name, path, source, body, before, expect } = trial;
  const stored = { id: "test", source: source.name, body };
  const { processed, messages } = rehearse(stored, before, stage);
  const { status, changes, verdicts, error } = processed;
  const misses = missesOf(expect, [...path, "expect"], {
    status,
    changes,
    routes: verdictsOf(verdicts).flatMap((one) => (one.matched ? [one.name] : [])),
    messages: new Map(messages.map((one) => [one.destination, shownMessage(one)])),
  });
  const failures = messages.flatMap(({ templateError }) => templateError ?? []);
  return {
    name,
    misses,
    remarks: [
      ...(error === null ? [] : [error.text]),
      ...(status === "stale" ? [STALE] : []),
      ...new Set(failures),
    ],
  };
}

const STALE =
  "The payload is not newer than the ones in `before`: give it a later time with `set`.";
