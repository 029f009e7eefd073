import { writeFile } from "node:fs/promises";
import { flaw } from "../config/yaml/flaw.ts";
import { ConfigError } from "../config/yaml/config-error.ts";
import { renderProblems } from "../config/yaml/diagnostics.ts";
import { showPath } from "../config/yaml/path.ts";
import type { Stage } from "../pipeline/rehearse.ts";
import type { Miss } from "./expectations.ts";
import { readTrials, type Trials } from "./read-trials.ts";
import { runTrial, type Tried } from "./run-trial.ts";
import { updatedText } from "./update.ts";

/** What came of one test of a file. */
export interface Result {
  /** The path as the reader knows it. */
  readonly file: string;
  /** Where its name stands; from 1. */
  readonly line: number;
  readonly name: string;
  readonly status: "passed" | "failed" | "updated";
  readonly failures: readonly Failure[];
  /** What helps to understand failures, one sentence each. */
  readonly remarks: readonly string[];
  /** Milliseconds. */
  readonly tookMs: number;
}

/** An expectation that was not met, at its place. */
export interface Failure extends Pick<Miss, "note" | "expected" | "actual"> {
  readonly line: number;
  readonly column: number;
  /** The path inside the test, such as `expect.sent`. */
  readonly path: string;
  /** Whether `--update` would put it right. */
  readonly isFixable: boolean;
}

/** Runs the tests of a file that `takes` takes, by their names. */
export function tryFile(
  trials: Trials,
  stage: Stage,
  takes: (name: string) => boolean,
): readonly Result[] {
  return tryAll(trials, stage, takes).map((one) => resultOf(one, trials, one.misses.length > 0));
}

/** As `tryFile`, after what came was written into the file where an expectation was missing or wrong. */
export async function updateFile(
  given: Trials,
  stage: Stage,
  takes: (name: string) => boolean,
): Promise<readonly Result[]> {
  let trials = given;
  let tried = tryAll(trials, stage, takes);
  const failed = new Set(tried.filter(({ misses }) => misses.length > 0).map(({ name }) => name));
  // What is taken out of an expectation may leave it empty, and so to be written.
  for (let pass = 0; pass < MOST_PASSES && tried.some(hasFix); pass++) {
    const misses = tried.flatMap((one) => one.misses);
    await writeFile(trials.file, updatedText(trials.file, trials.source, misses));
    trials = await trialsIn(trials.file, stage);
    tried = tryAll(trials, stage, takes);
  }
  return tried.map((one) => resultOf(one, trials, failed.has(one.name)));
}

const MOST_PASSES = 3;

/** The tests of a file. Rejects with a `ConfigError` that tells every mistake in it. */
export async function trialsIn(file: string, stage: Stage): Promise<Trials> {
  const read = await readTrials(file, stage);
  if (!("problems" in read)) return read;
  throw new ConfigError(renderProblems(read.problems), read.problems);
}

type Timed = Tried & { readonly tookMs: number; readonly path: readonly (string | number)[] };

function tryAll(
  { trials }: Trials,
  stage: Stage,
  takes: (name: string) => boolean,
): readonly Timed[] {
  return trials
    .filter(({ name }) => takes(name))
    .map((trial) => {
      const began = performance.now();
      const tried = runTrial(trial, stage);
      return { ...tried, path: trial.path, tookMs: performance.now() - began };
    });
}

function hasFix({ misses }: Tried): boolean {
  return misses.some(({ fix }) => fix !== undefined);
}

function resultOf(tried: Timed, { file, source }: Trials, hadMisses: boolean): Result {
  const { name, path, misses, remarks, tookMs } = tried;
  const failures = misses
    .map(({ fix, path: whole, ...told }): Failure => {
      const { line, column } = source.locate(flaw(whole, ""), file);
      const isFixable = fix !== undefined;
      return { ...told, line, column, path: showPath(whole.slice(2)), isFixable };
    })
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
  const status = failures.length > 0 ? "failed" : hadMisses ? "updated" : "passed";
  const { line } = source.locate(flaw([...path, "name"], ""), file);
  return { file, line, name, status, failures, remarks, tookMs };
}
