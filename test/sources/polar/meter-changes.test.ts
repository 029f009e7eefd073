import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { changesBetween, lines } from "./states.ts";

const METER = "d498a884-e2cd-4d3e-8002-f536468a8b22";
const used = (consumed_units: number) => ({
  consumed_units,
  credited_units: 100,
  balance: 100 - consumed_units,
});

function change(before: JsonObject, after: JsonObject, settings: JsonObject): string[] {
  return lines(changesBetween({ meter: before }, { meter: after }, settings));
}

describe("a usage meter", () => {
  it("is not told of unless the config asks for it", () => {
    expect(change(used(25), used(105), {})).toEqual([]);
  });

  it("is told of when no balance is left", () => {
    expect(change(used(25), used(100), { meters: "depleted" })).toEqual([
      "meter.depleted (warning): No balance is left on meter d498a884: 100 used of 100 credited.",
    ]);
  });

  it("is told of once, not again while the balance falls further", () => {
    expect(change(used(100), used(105), { meters: "depleted" })).toEqual([]);
  });

  it("is told of by its name with every change when the config asks for all", () => {
    const settings = { meters: "all", names: { meters: { [METER]: "API calls" } } };

    expect(change(used(25), used(61.5), settings)).toEqual([
      "meter.changed (info): The balance of API calls went from 75 to 38.5.",
    ]);
  });

  it.each([
    [75, 74.999, "75 to 74.999"],
    [0.1, 0.100_000_1, "0.1 to 0.1000001"],
    [1e-25, 2e-25, "0 to 0"],
  ])("is told of with the digits that tell %d and %d apart", (before, after, told) => {
    const changes = change({ balance: before }, { balance: after }, { meters: "all" });

    expect(changes).toEqual([
      `meter.changed (info): The balance of meter d498a884 went from ${told}.`,
    ]);
  });

  it("is told of when it is new and already used up", () => {
    const none = { active_meters: [] };

    const changes = changesBetween({ data: none }, { meter: used(100) }, { meters: "depleted" });

    expect(lines(changes)).toEqual([
      "meter.depleted (warning): No balance is left on meter d498a884: 100 used of 100 credited.",
    ]);
  });

  it("is not told of when it is new and never had a balance", () => {
    const none = { active_meters: [] };
    const unlimited = { consumed_units: 5, credited_units: 0, balance: -5 };

    expect(changesBetween({ data: none }, { meter: unlimited }, { meters: "depleted" })).toEqual(
      [],
    );
  });

  it("is told of with its numbers when the balance stays", () => {
    const more = { consumed_units: 35, credited_units: 110, balance: 75 };

    expect(change(used(25), more, { meters: "all" })).toEqual([
      "meter.changed (info): The balance of meter d498a884 is still 75: 35 used of 110 credited.",
    ]);
  });

  it("counts from zero when it is new", () => {
    const [changed] = changesBetween({ data: { active_meters: [] } }, {}, { meters: "all" });

    expect(changed).toMatchObject({
      kind: "meter.changed",
      summary: "The balance of meter d498a884 went from 0 to 75.",
      meter: { id: METER, name: "meter d498a884", consumed: 25, credited: 100, balance: 75 },
      before: { consumed: 0, credited: 0, balance: 0 },
    });
  });
});
