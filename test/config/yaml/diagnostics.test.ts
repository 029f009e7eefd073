import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { renderProblems } from "../../../src/config/yaml/diagnostics.ts";
import type { Problem } from "../../../src/core/problem.ts";

const problem: Problem = {
  severity: "error",
  file: "config.yaml",
  line: 3,
  column: 11,
  length: 4,
  path: "sources.polar.type",
  message: 'There is no source type called "polr". Did you mean "polar"?',
  excerpt: "    type: polr",
};

test("a problem is shown with its place, its line and what is wrong", () => {
  const text = renderProblems([problem]);

  expect(text.split("\n")).toEqual([
    "config.yaml has 1 problem.",
    "",
    "config.yaml:3:11  sources.polar.type",
    "    3 │     type: polr",
    "      │           ^^^^",
    '  There is no source type called "polr". Did you mean "polar"?',
  ]);
});

test("the first line counts problems and warnings", () => {
  const warning: Problem = { ...problem, severity: "warning" };
  const other: Problem = { ...problem, file: "templates/default.hbs" };

  const heads = [[problem, problem], [warning], [problem, warning, warning], [problem, other]].map(
    (problems) => renderProblems(problems).split("\n")[0],
  );

  expect(heads).toEqual([
    "config.yaml has 2 problems.",
    "config.yaml has 1 warning.",
    "config.yaml has 1 problem and 2 warnings.",
    "config.yaml and templates/default.hbs have 2 problems.",
  ]);
});

test("no problems are no text", () => {
  const text = renderProblems([]);

  expect(text).toBe("");
});

test("a problem without a line is shown without a frame", () => {
  const { excerpt: _, ...bare } = problem;

  const text = renderProblems([bare]);

  expect(text).not.toContain("│");
});

test("there is color only when asked for", () => {
  const plain = renderProblems([problem]);
  const colored = renderProblems([problem], { color: true });

  expect(plain).not.toContain("\u001B");
  expect(colored).toContain("\u001B[31m");
  expect(stripVTControlCharacters(colored)).toBe(plain);
});

test("what a terminal would obey or hide is made visible, in the frame, the path and the message", () => {
  const text = renderProblems([
    {
      ...problem,
      column: 1,
      path: "a\u0007",
      excerpt: "\ta\u001B[31m\u202Eb\u200B\u0085",
      message: "It is \u001B]0;owned\u0007.",
    },
  ]);

  expect(text).toContain("→a␛[31m‹U+202E›b‹U+200B›‹U+0085›");
  expect(text).toContain("  a␇");
  expect(text).toContain("It is ␛]0;owned␇.");
});

test("the mark stands under wide and combined characters", () => {
  const text = renderProblems([{ ...problem, column: 5, length: 2, excerpt: "東京: 名前 x" }]);

  expect(text).toContain("    3 │ 東京: 名前 x\n      │       ^^^^");
});

test("a long line is cut around the mark", () => {
  const excerpt = `${"a".repeat(500)} wrong ${"b".repeat(500)}`;

  const text = renderProblems([{ ...problem, column: 502, length: 5, excerpt }]);

  const [frame = "", carets = ""] = text.split("\n").slice(3);
  expect(frame.length).toBeLessThanOrEqual(108);
  expect(frame).toMatch(/│ …a+ wrong b+…$/);
  expect(frame.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("wrong");
});

test("a mark longer than a line is cut too", () => {
  const text = renderProblems([{ ...problem, column: 1, length: 900, excerpt: "a".repeat(900) }]);

  for (const line of text.split("\n").slice(3, 5)) expect(line.length).toBeLessThanOrEqual(108);
});

test("a message of several lines is indented as a whole", () => {
  const text = renderProblems([{ ...problem, message: "One.\nTwo." }]);

  expect(text).toContain("\n  One.\n  Two.");
});
