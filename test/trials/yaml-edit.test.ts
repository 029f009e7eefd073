import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseYaml } from "../../src/config/yaml/source.ts";
import { edited } from "../../src/trials/yaml-edit.ts";
import { inline, lines } from "../../src/trials/yaml-text.ts";

describe("a value is written", () => {
  it.each([
    {
      how: "in place of another, a comment behind it left alone",
      text: "expect:\n  status: sent   # why\n  sent: [sales]\n",
      write: "unrouted",
      after: "expect:\n  status: unrouted   # why\n  sent: [sales]\n",
    },
    {
      how: "where a key is still without one",
      text: "expect:\n  status:\n  sent: [sales]\n",
      write: "sent",
      after: "expect:\n  status: sent\n  sent: [sales]\n",
    },
    {
      how: "where a key is still without one, before a comment",
      text: "expect:\n  status: # to be written\n  sent: [sales]\n",
      write: "sent",
      after: "expect:\n  status: sent # to be written\n  sent: [sales]\n",
    },
    {
      how: "below the last key, when there is no such key yet",
      text: "expect:\n  sent: [sales] # all\n\n# the end\n",
      write: "sent",
      after: "expect:\n  sent: [sales] # all\n  status: sent\n\n# the end\n",
    },
    {
      how: "at the end of a file that ends without a line break",
      text: "expect:\n  sent: [sales]",
      write: "sent",
      after: "expect:\n  sent: [sales]\n  status: sent",
    },
    {
      how: "between braces",
      text: "expect: { sent: [sales], status: stale }\n",
      write: ["a b", "c: d"],
      after: 'expect: { sent: [sales], status: [a b, "c: d"] }\n',
    },
    {
      how: "between braces that lack the key",
      text: "expect: { sent: [sales] }\n",
      write: "sent",
      after: "expect: { sent: [sales], status: sent }\n",
    },
    {
      how: "as a list in lines, where there was one",
      text: "expect:\n  status:\n    - one # first\n    - two\n\n  sent: [sales]\n",
      write: ["three", { kind: "four" }],
      after: "expect:\n  status:\n    - three\n    - kind: four\n\n  sent: [sales]\n",
    },
    {
      how: "as a list in brackets, where there was one",
      text: "expect:\n  status: [one, two]\n",
      write: ["three"],
      after: "expect:\n  status: [three]\n",
    },
    {
      how: "as a mapping in lines",
      text: "expect:\n  status: {}\n",
      write: { sales: { title: "Ada", body: "one\ntwo" } },
      after: 'expect:\n  status: { sales: { title: Ada, body: "one\\ntwo" } }\n',
    },
    {
      how: "as a text in several lines",
      text: "expect:\n  status: |\n    old\n    text\n  sent: [sales]\n",
      write: "one\n\ntwo",
      after: "expect:\n  status: |-\n    one\n\n    two\n  sent: [sales]\n",
    },
    {
      how: "in double quotes, where there were some",
      text: 'expect:\n  status: "old"\n',
      write: "new",
      after: 'expect:\n  status: "new"\n',
    },
    {
      how: "with the line breaks of Windows",
      text: "expect:\r\n  sent: [sales]\r\n",
      write: "sent",
      after: "expect:\r\n  sent: [sales]\r\n  status: sent\r\n",
    },
  ])("$how", ({ text, write, after }) => {
    const path = ["expect", "status"];

    const result = edited(parseYaml(text), [{ path, fix: { write } }]);

    expect(result).toBe(after);
    expect(parse(result)).toMatchObject({ expect: { status: write } });
  });
});

describe("a key is taken out", () => {
  it.each([
    ["of lines", "a:\n  x: 1\n  status: # why\n    - two\n  y: 3\n", "a:\n  x: 1\n  y: 3\n"],
    ["of the last line", "a:\n  x: 1\n  status: 2", "a:\n  x: 1\n"],
    ["from the start of braces", "a: { status: 1, y: [2, 3] }\n", "a: { y: [2, 3] }\n"],
    ["from the end of braces", "a: { x: [2, 3], status: 1 }\n", "a: { x: [2, 3] }\n"],
    ["from braces with nothing else", "a: { status: 1 }\n", "a: {  }\n"],
  ])("%s", (_, text, after) => {
    const result = edited(parseYaml(text), [{ path: ["a", "status"], fix: "remove" }]);

    expect(result).toBe(after);
  });
});

it("several edits are made at once, each at its place in the file", () => {
  const text = "tests:\n  - name: one\n    expect:\n  - name: two\n    expect: { sent: a }\n";

  const result = edited(parseYaml(text), [
    { path: ["tests", 1, "expect", "sent"], fix: { write: ["b"] } },
    { path: ["tests", 0, "expect"], fix: { write: { status: "sent", sent: ["c"] } } },
  ]);

  expect(result).toBe(
    "tests:\n  - name: one\n    expect:\n      status: sent\n      sent: [c]\n  - name: two\n    expect: { sent: [b] }\n",
  );
});

describe("whatever value is written", () => {
  const values = fc
    .jsonValue({ maxDepth: 3 })
    .map((value) => JSON.parse(JSON.stringify(value)) as unknown);

  it("in one line, it is read back", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(parse(`[${inline(value)}]`)).toEqual([value]);
      }),
    );
  });

  it("in lines, it is read back", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(parse(lines(value).join("\n"))).toEqual(value);
      }),
    );
  });

  it("into a file, it is read back and nothing else is changed", () => {
    const before = fc.constantFrom(
      "",
      " old",
      " [1, 2]",
      " { x: 1 }",
      "\n    - one\n    - two",
      "\n    x: 1",
    );
    fc.assert(
      fc.property(values, before, (value, old) => {
        const text = `a:\n  first: 1 # one\n  status:${old}\n  # two\n  last: 2\n`;

        const result = edited(parseYaml(text), [{ path: ["a", "status"], fix: { write: value } }]);

        expect(parse(result)).toEqual({ a: { first: 1, status: value, last: 2 } });
        expect(result).toMatch(/^a:\n {2}first: 1 # one\n[^]*\n {2}# two\n {2}last: 2\n$/);
      }),
    );
  });
});
