import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";
import junit, { type Builder } from "junit-report-builder";
import type { Result } from "../trials/try-file.ts";
import { usageError } from "./failure.ts";
import { detailsOf } from "./test-report.ts";

/** Writes what came of tests as a JUnit report, folders included. Rejects with a usage error when it cannot. */
export async function writeJunit(file: string, results: readonly Result[]): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, junitReport(results));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw usageError(`The report ${file} cannot be written: ${why}.`);
  }
}

/** A JUnit report: a suite for each file, a case for each test. */
function junitReport(results: readonly Result[]): string {
  const report = builder().newBuilder().name("bellhop test");
  for (const file of new Set(results.map((one) => one.file))) {
    const own = results.filter((one) => one.file === file);
    const seconds = own.reduce((sum, one) => sum + one.tookMs, 0) / 1000;
    const suite = report.testSuite().name(file).time(rounded(seconds));
    for (const { name, failures, remarks, tookMs } of own) {
      const test = suite
        .testCase()
        .className(file)
        .name(xmlText(name))
        .file(file)
        .time(rounded(tookMs / 1000));
      const [first] = failures;
      if (first === undefined) continue;
      const details = failures.flatMap((one) => [
        `${file}:${one.line}:${one.column}  ${one.path}`,
        ...detailsOf(one).map((row) => `  ${row}`),
      ]);
      const paths = failures.map(({ path }) => path).join(", ");
      test.failure(xmlText(`Not as expected: ${paths}`), "expectation");
      test.stacktrace(xmlText([...details, ...remarks].join("\n")));
    }
  }
  return `${report.build()}\n`;
}

/** What Node imports is the builder itself, where the package's types see a module around it. */
function builder(): Builder {
  const found: unknown = junit;
  return found as Builder;
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Without colors, and without what no XML may hold. https://www.w3.org/TR/xml/#charsets */
function xmlText(text: string): string {
  const plain = stripVTControlCharacters(text).toWellFormed();
  return plain.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
