import { resolve } from "node:path";
import type { Command } from "commander";
import { ConfigError } from "../config/yaml/config-error.ts";
import type { Config } from "../config/config.ts";
import { renderProblems } from "../config/yaml/diagnostics.ts";
import { shownPath } from "../config/yaml/shown-path.ts";
import type { BridgeError } from "../core/error.ts";
import type { Stage } from "../pipeline/rehearse.ts";
import type { Trials } from "../trials/read-trials.ts";
import type { Result } from "../trials/try-file.ts";
import { usageError } from "./failure.ts";
import { type ConfigOption, readConfigWithoutSecrets, withConfig } from "./options.ts";
import { print, printJson } from "./print.ts";
import { stageOf } from "./stage.ts";

interface TestOptions extends ConfigOption {
  readonly filter?: string;
  readonly update?: true;
  readonly junit?: string;
  readonly json?: true;
}

/** `bellhop test`: what payloads come to with the config, held against what people expect of it. */
export function test(program: Command): void {
  withConfig(program.command("test"))
    .description("run the tests of the config (*.test.yaml), sending nothing")
    .argument("[files...]", "test files (default: those beside the config, and in tests/ there)")
    .option("--filter <text>", "only tests whose name holds this text")
    .option("--update", "write what comes into the files, where an expectation is missing or wrong")
    .option("--junit <file>", "write a JUnit report too")
    .option("--json", "print the results as JSON")
    .action(async (files: string[], options: TestOptions) => {
      try {
        const results = await run(files, options);
        if (options.junit !== undefined) {
          const { writeJunit } = await import("./junit.ts");
          await writeJunit(resolve(options.junit), results);
        }
        if (options.json) printJson(answerOf(results));
        if (results.some((one) => one.status === "failed")) process.exitCode = 1;
      } catch (error) {
        if (!options.json || !(error instanceof ConfigError)) throw error;
        printJson({ ok: false, problems: error.problems });
        process.exitCode = 2;
      }
    });
}

async function run(named: readonly string[], options: TestOptions): Promise<readonly Result[]> {
  const config = await readConfigWithoutSecrets(options);
  const files = named.length > 0 ? named.map((file) => resolve(file)) : await filesOf(config);
  if (files.length === 0) throw withoutTests(config);
  const stage = stageOf(config);
  const read = await readAll(files.map(shownPath), stage);
  const takes = (name: string) => name.toLowerCase().includes(options.filter?.toLowerCase() ?? "");
  if (!read.some(({ trials }) => trials.some(({ name }) => takes(name))))
    throw usageError(`No test has "${options.filter}" in its name.`);
  const { tryFile, updateFile } = await import("../trials/try-file.ts");
  const { describeResults, summaryOf } = await import("./test-report.ts");
  const results: Result[] = [];
  for (const trials of read) {
    const own = options.update
      ? await updateFile(trials, stage, takes)
      : tryFile(trials, stage, takes);
    results.push(...own);
    if (!options.json && own.length > 0) print(describeResults(trials.file, own).join("\n"));
  }
  if (!options.json) print(summaryOf(results));
  return results;
}

async function filesOf(config: Config): Promise<string[]> {
  const { findTrials } = await import("../trials/find-trials.ts");
  return findTrials(config.file);
}

/** Every file's tests. Rejects with a `ConfigError` that tells the mistakes of all of them. */
async function readAll(files: readonly string[], stage: Stage): Promise<Trials[]> {
  const { readTrials } = await import("../trials/read-trials.ts");
  const read = await Promise.all(files.map((file) => readTrials(file, stage)));
  const problems = read.flatMap((one) => ("problems" in one ? one.problems : []));
  if (problems.length > 0) throw new ConfigError(renderProblems(problems), problems);
  return read.filter((one) => "trials" in one);
}

function withoutTests({ file }: Config): BridgeError {
  return usageError(
    `There are no tests beside ${shownPath(file)}.`,
    `To begin, save this as config.test.yaml beside it, with a payload of yours. \`bellhop test --update\` writes what is expected:

tests:
  - name: what happens to this customer
    payload: payload.json
    expect:
`,
  );
}

function answerOf(results: readonly Result[]): object {
  const count = (status: Result["status"]) => results.filter((one) => one.status === status).length;
  return {
    ok: count("failed") === 0,
    passed: count("passed"),
    updated: count("updated"),
    failed: count("failed"),
    tests: results.map(({ file, line, name, status, failures, remarks }) => ({
      file,
      line,
      name,
      status,
      failures: failures.map((one) => ({
        line: one.line,
        column: one.column,
        path: one.path,
        note: one.note,
        expected: one.expected,
        actual: one.actual,
      })),
      remarks,
    })),
  };
}
