import { describe, expect, it } from "vitest";
import { DISCORD_ERRORS } from "../../../src/destinations/discord/errors.ts";
import { failedOutcome } from "../../../src/destinations/discord/outcome.ts";

/** The table of what Discord's codes mean, by the HTTP status they come with. */
const TABLE: readonly (readonly [
  kind: string,
  scope: string,
  status: number,
  codes: readonly number[],
])[] = [
  ["rejected", "account", 401, [0, 40001, 50014]],
  ["rejected", "account", 403, [40333]],
  ["rejected", "lane", 404, [10003, 10004, 10015, 10008]],
  ["rejected", "lane", 401, [50027]],
  ["rejected", "lane", 403, [50001, 50013, 50007, 50005, 160005]],
  ["rejected", "lane", 400, [50008, 40058, 220001, 220002, 220003, 40067, 50024, 50083, 160006]],
  ["rejected", "message", 400, [50035, 50006, 50109, 200000, 200001, 240000, 20009]],
  ["rejected", "message", 413, [40005]],
  ["retry", "lane", 400, [30046, 40004, 40006, 130000, 110000, 20016, 20028, 20029, 40062]],
];

describe("the outcome of a call to Discord", () => {
  it.each(TABLE)("is %s for the %s with status %i and codes %j", (kind, scope, status, codes) => {
    for (const code of codes) {
      expect(failedOutcome(refusal(code, status)), String(code)).toMatchObject({
        kind,
        scope,
        reason: { code: String(code) },
      });
    }
  });

  it("has a row in the table for every code that is classified", () => {
    const listed = TABLE.flatMap(([, , , codes]) => codes);

    expect(listed.toSorted((a, b) => a - b)).toEqual(
      [...DISCORD_ERRORS.keys()].toSorted((a, b) => a - b),
    );
  });

  it("does not take the code 0 for a bad token unless the status says so", () => {
    expect(failedOutcome(refusal(0, 400))).toMatchObject({ kind: "rejected", scope: "message" });
  });

  it("does not know what a stalled connection means", () => {
    const error = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });

    expect(failedOutcome(error)).toMatchObject({ kind: "unknown" });
  });
});

/** An error as the client makes one of an answer with a code. */
function refusal(code: number, status: number): Error {
  return Object.assign(new Error("refused"), {
    code,
    status,
    rawError: { code, message: "refused" },
  });
}
