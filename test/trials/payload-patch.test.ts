import { describe, expect, it } from "vitest";
import { removeAt, setAt } from "../../src/trials/payload-patch.ts";

function payload() {
  return { data: { name: "Ada", "a.b": 1, list: [{ amount: 1 }, { amount: 2 }] } };
}

describe("a value is put", () => {
  it.each([
    ["in place of another", "data.name", { name: "new" }],
    ["under a key that was not there", "data.email", { email: "new" }],
    [
      "into an element of a list",
      "data.list[1].amount",
      { list: [{ amount: 1 }, { amount: "new" }] },
    ],
    ["in place of an element", "data.list[0]", { list: ["new", { amount: 2 }] }],
    ["behind the last element", "data.list[2]", { list: [{ amount: 1 }, { amount: 2 }, "new"] }],
    ["under a key with a dot in it", 'data["a.b"]', { "a.b": "new" }],
  ])("%s", (_, path, changed) => {
    const given = payload();

    const problem = setAt(given, path, "new");

    expect(problem).toBeUndefined();
    expect(given).toEqual({ data: { ...payload().data, ...changed } });
  });

  it("at the top", () => {
    const given = payload();

    setAt(given, "type", "order.paid");

    expect(given).toEqual({ ...payload(), type: "order.paid" });
  });
});

describe("a path is taken out", () => {
  it("of a mapping", () => {
    const given = payload();

    const problem = removeAt(given, "data.list");

    expect(problem).toBeUndefined();
    expect(given).toEqual({ data: { name: "Ada", "a.b": 1 } });
  });

  it("of a list, whose other elements move up", () => {
    const given = payload();

    removeAt(given, "data.list[0]");

    expect(given.data.list).toEqual([{ amount: 2 }]);
  });
});

it.each([
  ["dta.name", 'The payload has no "dta" on the way to "dta.name". Did you mean "data"?'],
  [
    "data.name.first",
    '"data.name.first" leads nowhere: "name" is a single value, with nothing below it.',
  ],
  [
    "data.list[5].amount",
    '"data.list[5].amount" leads to a list of 2 elements, and "5" is none of them. The first is `[0]`.',
  ],
  [
    "data.list[first]",
    '"data.list[first]" is no path. Write one such as `data.name`, or `data.list[0].amount` for an element of a list.',
  ],
  [
    "",
    '"" is no path. Write one such as `data.name`, or `data.list[0].amount` for an element of a list.',
  ],
])("what is wrong with the path %j is told, and nothing is changed", (path, message) => {
  const given = payload();

  const problem = setAt(given, path, "new");

  expect(problem).toBe(message);
  expect(given).toEqual(payload());
});

it("what is not there cannot be taken out", () => {
  const problem = removeAt(payload(), "data.nmae");

  expect(problem).toBe('The payload has no "nmae" on the way to "data.nmae". Did you mean "name"?');
});
