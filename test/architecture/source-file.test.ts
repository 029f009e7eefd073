import { describe, expect, it } from "vitest";
import { readSource } from "./source-file.ts";

describe("the imports of a file", () => {
  it.each([
    ["of names", 'import { a, b as c } from "./x.ts";', { from: "./x.ts", names: ["a", "b"] }],
    ["over lines", 'import {\n  a,\n  b,\n} from "./x.ts";', { from: "./x.ts", names: ["a", "b"] }],
    ["of types", 'import type { A } from "./x.ts";', { from: "./x.ts", names: ["A"] }],
    ["of a default", 'import a from "x";', { from: "x", names: ["default"] }],
    ["of everything", 'import * as a from "x";', { from: "x", names: ["*"] }],
    ["for the effect", 'import "x";', { from: "x", names: [] }],
    ["to pass on", 'export { a as b } from "./x.ts";', { from: "./x.ts", names: ["a"] }],
    ["to pass on all", 'export * from "./x.ts";', { from: "./x.ts", names: ["*"] }],
    ["at run time", 'const a = await import("x");', { from: "x", names: ["*"] }],
    ["in a type", 'type A = import("./x.ts").A;', { from: "./x.ts", names: ["*"] }],
    ["in a template", '`${`${await import("x")}`}`;', { from: "x", names: ["*"] }],
    ["of a text made at run time", "await import(name);", { from: null, names: ["*"] }],
  ])("are found: %s", (_case, text, expected) => {
    expect(readSource(text).imports).toEqual([expected]);
  });

  it.each([
    ["a comment", '// import { a } from "x";\n/* import("x"); */'],
    ["a text", String.raw`const a = 'import "x";\n'; const b = "import(\"x\")";`],
    ["a template", 'const a = `\nimport { a } from "x";\n${"}"}`;'],
    ["a regular expression", `const a = /["'\`]/; const b = 4 / 2; const c = /import "x"/;`],
    ["a property", 'meta.import("x");'],
  ])("are not found in %s", (_case, text) => {
    expect(readSource(text).imports).toEqual([]);
  });
});

describe("the exports of a file", () => {
  it.each([
    "export const a = 1;",
    "export function a() {}",
    "export async function a() {}",
    "export class a {}",
    "export interface a {}",
    "export type a = string;",
    "const b = 1;\n\n/** Says a. */\nexport { b as a };",
  ])("have the comment right above: %s", (text) => {
    const commented = text.includes("/**") ? text : `/** Says a. */\n${text}`;

    expect(readSource(commented).exports).toEqual([{ name: "a", docstring: "Says a." }]);
  });

  it("have all lines of the comment", () => {
    const text = "/**\n * Says a.\n *\n * https://example.com\n */\nexport const a = 1;";

    expect(readSource(text).exports[0]?.docstring).toBe("Says a.\n\nhttps://example.com");
  });

  it.each([
    "/** Says a. */\nexport const A = 1;\nexport type A = typeof A;",
    "/** Says a. */\nconst A = 1;\nexport type A = typeof A;",
  ])("share it between a schema and its type: %s", (text) => {
    expect(readSource(text).exports).toEqual([{ name: "A", docstring: "Says a." }]);
  });

  it.each([
    ["none", "export const a = 1;"],
    ["one of another", "/** Says b. */\nconst b = 1;\nexport const a = b;"],
    ["one that stands apart", "/** Says b. */\n\nexport const a = 1;"],
    ["one that is no docstring", "/* Says a. */\nexport const a = 1;"],
    ["one inside", "export function a() {\n/** Says a. */\nconst a = 1; }"],
    ["one of a line", "// Says a.\nexport const a = 1;"],
    ["one in a text", 'const b = "/** Says a. */";\nexport const a = b;'],
  ])("have no comment: %s", (_case, text) => {
    expect(readSource(text).exports).toEqual([{ name: "a", docstring: null }]);
  });
});

describe("the surroundings of a file", () => {
  it.each([
    ["Date.now", "const a = Date.now();"],
    ["new Date()", "const a = new Date();"],
    ["Math.random", "const a = [1].map(Math.random);"],
    ["process.env", 'const a = process.env["A"];'],
    ["crypto.randomUUID", "const a = crypto.randomUUID();"],
    ["fetch()", 'await fetch("http://example.com");'],
    ["setTimeout()", "setTimeout(() => {}, 1);"],
  ])("are found: %s", (expected, text) => {
    expect(readSource(text).surroundings).toEqual([expected]);
  });

  it("are not found in what is the same every time", () => {
    const text =
      'const a = new Date("2026-11-22"); Date.parse(b.process); Math.max(1); order.now();';

    expect(readSource(text).surroundings).toEqual([]);
  });
});
