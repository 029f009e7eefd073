import { describe, expect, it } from "vitest";
import { flatRoutes } from "../../../src/config/routes/flat-routes.ts";
import { MAX_LEVELS } from "../../../src/config/routes/written-routes.ts";

describe("the routes that send, groups left out", () => {
  it("come in the order of the file, each with all that must hold and where it is written", () => {
    const config = {
      routes: [
        { send: "ops" },
        {
          match: { tone: "bad" },
          when: "true",
          routes: [{ match: { event: "*" } }, { routes: [{ when: "false" }] }],
        },
      ],
    };

    const [first, second, third] = flatRoutes(config);

    expect(first).toMatchObject({ path: ["routes", 0], name: "route 1", matches: [], whens: [] });
    expect(second).toMatchObject({
      path: ["routes", 1, "routes", 0],
      name: "route 2.1",
      matches: [
        { value: { tone: "bad" }, path: ["routes", 1, "match"] },
        { value: { event: "*" }, path: ["routes", 1, "routes", 0, "match"] },
      ],
      whens: [{ value: "true", path: ["routes", 1, "when"] }],
    });
    expect(third).toMatchObject({
      name: "route 2.2.1",
      matches: [{ value: { tone: "bad" } }],
      whens: [{ value: "true" }, { value: "false" }],
    });
  });

  it("have the destinations and template of the nearest group that names some, unless they do", () => {
    const config = {
      routes: [
        {
          send: ["sales", "ops"],
          template: "a",
          routes: [{}, { send: "success", template: "b" }, { template: "c", routes: [{}] }],
        },
      ],
    };

    const flat = flatRoutes(config);

    expect(flat.map(({ send }) => send.map(({ name }) => name))).toEqual([
      ["sales", "ops"],
      ["success"],
      ["sales", "ops"],
    ]);
    expect(flat[0]?.send[1]?.path).toEqual(["routes", 0, "send", 1]);
    expect(flat[1]?.send[0]?.path).toEqual(["routes", 0, "routes", 1, "send"]);
    expect(flat.map(({ template }) => template?.value)).toEqual(["a", "b", "c"]);
  });

  it("know which groups around them end the search", () => {
    const config = {
      routes: [{ stop: true, routes: [{ routes: [{ stop: true, send: "ops" }] }] }],
    };

    const flat = flatRoutes(config);

    expect(flat).toMatchObject([{ stop: true, groupStops: [["routes", 0]] }]);
  });

  it.each([
    ["nothing", undefined],
    ["a text", { routes: "sales" }],
    ["a mapping", { routes: { send: "sales" } }],
    ["a group of no list", { routes: [{ routes: 5 }, { routes: null }] }],
  ])("are none in %s", (_, config) => {
    const flat = flatRoutes(config);

    expect(flat).toEqual([]);
  });

  it("are read past entries that are no routes", () => {
    const flat = flatRoutes({ routes: [5, null, { name: [], send: { a: 1 }, stop: "yes" }] });

    expect(flat.map(({ name }) => name)).toEqual(["route 1", "route 2", "route 3"]);
    expect(flat[2]).toMatchObject({ send: [{ name: { a: 1 } }], stop: false });
  });

  it("are none below the deepest level", () => {
    const nest = (levels: number): object =>
      levels === 1 ? { send: "ops" } : { routes: [nest(levels - 1)] };

    const deepest = flatRoutes({ routes: [nest(MAX_LEVELS)] });
    const deeper = flatRoutes({ routes: [nest(MAX_LEVELS + 1)] });

    expect(deepest).toHaveLength(1);
    expect(deeper).toEqual([]);
  });
});
