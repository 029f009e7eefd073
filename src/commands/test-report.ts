import type { Failure, Result } from "../trials/try-file.ts";
import { came, difference } from "./difference.ts";
import { safe, styled } from "./print.ts";

/** A file's tests as lines: one each, and below a failed one what was expected and what came. */
export function describeResults(file: string, results: readonly Result[]): string[] {
  return [styled("bold", file), ...results.flatMap(describeResult), ""];
}

function describeResult(result: Result): string[] {
  const { name, status, failures, remarks } = result;
  const shown = safe(name);
  if (status === "passed") return [`  ${styled("green", "✓")} ${shown}`];
  if (status === "updated")
    return [`  ${styled("yellow", "✓")} ${shown} ${styled("dim", "(written)")}`];
  return [
    `  ${styled("red", "✗")} ${shown}`,
    ...failures.flatMap((one) => describeFailure(result.file, one)),
    ...remarks.map((one) => `    ${styled("yellow", safe(one))}`),
  ];
}

function describeFailure(file: string, failure: Failure): string[] {
  const { line, column, path } = failure;
  const place = `    ${styled("dim", `${file}:${line}:${column}`)}  ${safe(path)}`;
  return [place, ...detailsOf(failure).map((row) => `      ${row}`)];
}

/** A failure without its place, in lines. */
export function detailsOf({ note, expected, actual, isFixable }: Failure): string[] {
  const told = note === undefined ? [] : [safe(note)];
  if (expected !== undefined) return [...told, ...difference(expected, actual)];
  if (actual === undefined) return told;
  if (isFixable) return [...told, ...came(actual)];
  const text = typeof actual === "string" ? actual : JSON.stringify(actual);
  return [...told, ...text.split("\n").map((row) => styled("dim", `│ ${safe(row)}`))];
}

/** `3 passed, 1 failed.`, with what to do about failures before it. */
export function summaryOf(results: readonly Result[]): string {
  const count = (status: Result["status"]) => results.filter((one) => one.status === status).length;
  const [passed, failed, updated] = [count("passed"), count("failed"), count("updated")];
  const failures = results.flatMap((one) => one.failures);
  const hints = [
    ...(failures.some((one) => one.expected !== undefined)
      ? [`${styled("red", "- expected")}  ${styled("green", "+ what came")}`]
      : []),
    ...(failures.some((one) => one.isFixable)
      ? ["If what came is right, `bellhop test --update` writes it into the file."]
      : []),
  ];
  const figures = [
    ...(passed > 0 ? [styled("green", `${passed} passed`)] : []),
    ...(updated > 0 ? [styled("yellow", `${updated} written`)] : []),
    ...(failed > 0 ? [styled("red", `${failed} failed`)] : []),
  ];
  return [...hints, `${figures.join(", ")}.`].join("\n");
}
