import { expect, test } from "vitest";
import { nextTurn, spanAt } from "../../src/sandbox/schedule.ts";

const OFTEN = { afterMs: 30, forMs: 20, everyMs: 100 };

test.each([
  ["without anything, from the beginning and for good", {}, [0, 1e9], [0, 0]],
  ["after a while, for good", { afterMs: 30 }, [0, 29, 30, 1e9], [undefined, undefined, 0, 0]],
  ["for a while", { forMs: 20 }, [0, 19, 20, 1e9], [0, 0, undefined, undefined]],
  [
    "again and again",
    OFTEN,
    [29, 30, 49, 50, 130, 149, 150, 1030],
    [undefined, 0, 0, undefined, 1, 1, undefined, 10],
  ],
  ["anew each time, where it never ends", { everyMs: 100 }, [0, 99, 100, 250], [0, 0, 1, 2]],
])("holds %s", (_, schedule, moments, spans) => {
  const found = moments.map((moment) => spanAt(schedule, moment));

  expect(found).toEqual(spans);
});

test("the next turn is the next moment at which something changes", () => {
  const turns = [0, 30, 49, 50, 130].map((moment) => nextTurn(OFTEN, moment));

  expect(turns).toEqual([30, 50, 50, 130, 150]);
  expect(nextTurn({ afterMs: 30 }, 30)).toBeUndefined();
  expect(nextTurn({ forMs: 20 }, 20)).toBeUndefined();
});
