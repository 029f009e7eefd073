import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { InCommon } from "../../src/destinations/in-common.ts";

it("is one for all who hold it, and another for another key", () => {
  const inCommon = new InCommon<{ readonly key: string }>();

  const first = inCommon.of("a", () => ({ key: "a" }));

  expect(inCommon.of("a", () => ({ key: "a" }))).toBe(first);
  expect(inCommon.of("b", () => ({ key: "b" }))).not.toBe(first);
});

it("is forgotten with the last who held it", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const inCommon = new InCommon<{ readonly time: number }>();
  const hold = (time: number) => inCommon.of("a", () => ({ time })).time;
  hold(1);

  // What a weak reference was asked for is kept until the turn ends.
  await pause(1);
  collect();

  expect(hold(2)).toBe(2);
});
