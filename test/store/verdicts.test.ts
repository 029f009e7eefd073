import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RouteVerdict } from "../../src/core/route.ts";
import { packVerdicts, unpackVerdicts } from "../../src/store/verdicts.ts";

const MISSES = ["tone", "event", "when"].map((path) => ({
  path,
  expected: `what the ${path} has to be`,
  actual: "nothing",
}));

describe("verdicts as they are kept", () => {
  it("are the same when they are read, whichever of them share a miss", () => {
    const verdict = fc.record({
      name: fc.string(),
      failed: fc.constantFrom(undefined, ...MISSES),
    });
    fc.assert(
      fc.property(fc.array(verdict), (given) => {
        const verdicts: RouteVerdict[] = given.map(({ name, failed }) =>
          failed === undefined ? { name, matched: true } : { name, matched: false, failed },
        );

        expect(unpackVerdicts(packVerdicts(verdicts))).toEqual(verdicts);
      }),
    );
  });

  it("tell a miss of many routes in a row once", () => {
    const [failed] = MISSES;
    const verdicts = Array.from({ length: 1_000 }, (_, index) => ({
      name: `${index}`,
      matched: false,
      ...(failed && { failed }),
    }));

    const text = packVerdicts(verdicts);

    expect(text.split("what the tone has to be")).toHaveLength(2);
  });

  it("are read as they were kept before misses were shared", () => {
    const text = '[{"name":"all","matched":true}]';

    expect(unpackVerdicts(text)).toEqual([{ name: "all", matched: true }]);
  });

  it("are none of an event that is not processed", () => {
    expect(unpackVerdicts(null)).toEqual([]);
  });
});
