import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BACKOFF, backoffMs } from "../../src/core/backoff.ts";
import { judge, type Judging, NEVER, PARKING } from "../../src/core/delivery.ts";
import type { Outcome } from "../../src/core/outcome.ts";

const NOW = 1_000_000;
const reason = { code: "x", text: "Because." };
const judging: Judging = {
  now: NOW,
  laneParked: null,
  accountParked: null,
  random: 0.5,
  createdAt: NOW - 1_000,
  giveUpAfterMs: 72 * 3_600_000,
  form: "full",
  paceMs: 1_000,
  onUnknown: "retry",
  laneFailures: 0,
  accountFailures: 0,
};

describe("judging an attempt", () => {
  it("a delivered message ends its delivery, and the lane goes on at its pace", () => {
    const ref = { channel: "C1", id: "1.2", url: null };

    const settled = judge({ kind: "delivered", ref }, { ...judging, laneFailures: 4 });

    expect(settled.delivery).toMatchObject({ status: "delivered", ref, lastError: null });
    expect(settled.lane).toEqual({
      notBefore: NOW + 1_000,
      askedUntil: 0,
      failures: 0,
      parked: null,
    });
  });

  it("a retry waits exactly as long as the platform asks", () => {
    const settled = judge({ kind: "retry", scope: "lane", reason, afterMs: 30_000 }, judging);

    expect(settled.lane.notBefore).toBe(NOW + 30_000);
    expect(settled.delivery).toMatchObject({ status: "pending", nextAttemptAt: NOW + 30_000 });
  });

  it("a retry of the account holds the account and only paces the lane", () => {
    const settled = judge({ kind: "retry", scope: "account", reason, afterMs: 30_000 }, judging);

    expect(settled.account?.notBefore).toBe(NOW + 30_000);
    expect(settled.lane.notBefore).toBe(NOW + 1_000);
  });

  it("a refused message is tried once more as plain text, and then is a dead letter", () => {
    const refused: Outcome = { kind: "rejected", scope: "message", reason };

    const first = judge(refused, judging);
    const second = judge(refused, { ...judging, form: "plain" });

    expect(first.delivery).toMatchObject({ status: "pending", form: "plain" });
    expect(second.delivery).toMatchObject({ status: "dead", nextAttemptAt: null });
    expect(second.lane.parked).toBeNull();
  });

  it("a lost channel parks the lane, and a revoked token the account, each probed with growing pauses", () => {
    const lane = judge({ kind: "rejected", scope: "lane", reason }, judging);
    const account = judge({ kind: "rejected", scope: "account", reason }, judging);
    const later = judge(
      { kind: "rejected", scope: "lane", reason },
      { ...judging, laneFailures: 30 },
    );

    expect(lane.lane).toMatchObject({
      notBefore: NOW + PARKING.firstMs,
      failures: 1,
      parked: reason,
    });
    expect(account.lane.parked).toBeNull();
    expect(account.account).toMatchObject({
      notBefore: NOW + PARKING.firstMs,
      failures: 1,
      parked: reason,
    });
    expect(later.lane.notBefore).toBe(NOW + PARKING.longestMs);
  });

  it("an unknown outcome is tried again, or held where the config says so", () => {
    const again = judge({ kind: "unknown", reason }, judging);
    const held = judge({ kind: "unknown", reason }, { ...judging, onUnknown: "hold" });

    expect(again.delivery.status).toBe("pending");
    expect(held.delivery).toMatchObject({ status: "unknown", nextAttemptAt: null });
  });

  it("a lane that holds its messages backs off as any other, so that an outage does not hold all that wait", () => {
    const holding = { ...judging, onUnknown: "hold" as const, paceMs: 0, laneFailures: 5 };

    const held = judge({ kind: "unknown", reason }, holding);
    const cut = judge({ kind: "unknown", reason, own: true }, holding);

    expect(held.delivery.status).toBe("unknown");
    expect(held.lane).toEqual({
      notBefore: NOW + backoffMs(6, 0.5),
      askedUntil: 0,
      failures: 6,
      parked: null,
    });
    expect(cut.lane).toEqual({ notBefore: NOW, askedUntil: 0, failures: 5, parked: null });
  });

  it("a parked lane or account stays parked while the platform cannot be reached", () => {
    const parked = { ...judging, laneParked: reason, accountParked: reason, laneFailures: 3 };

    const lane = judge({ kind: "retry", scope: "lane", reason }, parked);
    const account = judge({ kind: "retry", scope: "account", reason }, parked);
    const unknown = judge({ kind: "unknown", reason }, parked);

    expect([lane.lane.parked, account.account?.parked, unknown.lane.parked]).toEqual([
      reason,
      reason,
      reason,
    ]);
    expect(lane.account).toBeNull();
  });

  it("a message that could not be made says nothing about lane and account", () => {
    const parked = { ...judging, laneParked: reason, laneFailures: 3 };

    const first = judge({ kind: "unmade", reason, mayBePlain: true }, parked);
    const last = judge({ kind: "unmade", reason, mayBePlain: false }, parked);

    expect(first.delivery).toMatchObject({ status: "pending", form: "plain" });
    expect(last.delivery).toMatchObject({ status: "dead", lastError: reason });
    expect(last.lane).toMatchObject({ notBefore: NOW, failures: 3, parked: reason });
    expect(last.account).toBeNull();
  });

  it("a lane that the platform forbids is never opened again, and plans no attempt", () => {
    const gone = judge({ kind: "rejected", scope: "lane", reason, final: true }, judging);

    expect(gone.lane).toMatchObject({ notBefore: NEVER, parked: reason });
    expect(gone.delivery).toMatchObject({ status: "pending", nextAttemptAt: null });
    expect(gone.account).toMatchObject({ notBefore: 0 });
  });

  it("a lane rests as long as the answer to its last message asks", () => {
    const ref = { channel: "C1", id: "1.2", url: null };

    const settled = judge({ kind: "delivered", ref, restMs: 4_000 }, judging);

    expect(settled.lane).toMatchObject({ notBefore: NOW + 4_000, failures: 0 });
  });

  it("what we held back or cut off ourselves is no failure, and is tried again at the lane's pace", () => {
    const troubled = { ...judging, laneFailures: 3, laneParked: reason };

    const stopped = judge({ kind: "retry", scope: "lane", reason, own: true }, troubled);
    const cut = judge({ kind: "unknown", reason, own: true }, troubled);
    const spaced = judge(
      { kind: "retry", scope: "lane", reason, afterMs: 5_000, own: true },
      troubled,
    );

    const asBefore = { notBefore: NOW + 1_000, failures: 3, parked: reason, askedUntil: 0 };
    expect([stopped.lane, cut.lane]).toEqual([asBefore, asBefore]);
    expect(spaced.lane).toEqual({ ...asBefore, notBefore: NOW + 5_000 });
    expect([stopped.platform, cut.platform, stopped.account]).toEqual([null, null, null]);
  });

  it("what may have been posted is left alone until it can be looked for", () => {
    const settled = judge({ kind: "unknown", reason }, { ...judging, lookAfterMs: 2_000 });

    expect(settled.lane.notBefore).toBe(NOW + 2_000);
  });

  it("trouble of the account leaves a parked lane parked", () => {
    const parked = { ...judging, laneParked: reason, laneFailures: 2 };

    const limited = judge({ kind: "retry", scope: "account", reason, afterMs: 9_000 }, parked);
    const revoked = judge({ kind: "rejected", scope: "account", reason }, parked);

    expect([limited.lane, revoked.lane]).toMatchObject([
      { failures: 2, parked: reason },
      { failures: 2, parked: reason },
    ]);
    expect(limited.account).toMatchObject({ askedUntil: NOW + 9_000 });
  });

  it("what would wait beyond its time becomes a dead letter", () => {
    const old = { ...judging, createdAt: NOW - judging.giveUpAfterMs };

    const settled = judge({ kind: "retry", scope: "lane", reason }, old);

    expect(settled.delivery).toMatchObject({ status: "dead", lastError: reason });
  });

  it("never plans an attempt inside the pace or the wait that was asked for", () => {
    const outcome: fc.Arbitrary<Outcome> = fc.oneof(
      fc.record({
        kind: fc.constant("retry" as const),
        scope: fc.constantFrom("lane" as const, "account" as const),
        reason: fc.constant(reason),
        afterMs: fc.nat(600_000),
      }),
      fc.record({ kind: fc.constant("unknown" as const), reason: fc.constant(reason) }),
    );
    fc.assert(
      fc.property(
        outcome,
        fc.nat(50),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (one, failures, random) => {
          const settled = judge(one, {
            ...judging,
            laneFailures: failures,
            accountFailures: failures,
            random,
          });
          const asked = one.kind === "retry" ? (one.afterMs ?? 0) : 0;
          const gate = settled.account ?? settled.lane;

          expect(settled.lane.notBefore).toBeGreaterThanOrEqual(NOW + judging.paceMs);
          expect(gate.notBefore).toBeGreaterThanOrEqual(NOW + asked);
          expect(settled.delivery.nextAttemptAt).toBeGreaterThanOrEqual(
            NOW + Math.max(asked, judging.paceMs),
          );
        },
      ),
    );
  });
});

describe("backing off", () => {
  it("grows from a second to five minutes, with full jitter", () => {
    expect([1, 2, 3, 9, 10, 1_000].map((failures) => backoffMs(failures, 0.9999999))).toEqual([
      1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
    ]);
    expect(backoffMs(5, 0.25)).toBe(4_000);
  });

  it("always lies between nothing and its ceiling", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          const pause = backoffMs(failures, random);

          expect(pause).toBeGreaterThan(0);
          expect(pause).toBeLessThanOrEqual(BACKOFF.longestMs);
        },
      ),
    );
  });
});
