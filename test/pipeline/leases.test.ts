import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Reservation } from "../../src/store/store.ts";
import { Leases } from "../../src/pipeline/leases.ts";

const HELD: Reservation = {
  lane: "slack:1/C1",
  account: "slack:1",
  startedAt: 0,
  laneFailures: 0,
  accountFailures: 0,
  laneParked: null,
  accountParked: null,
  owner: "clm_1",
};

describe("a bridge is sure of what it holds", () => {
  let answer: () => Promise<void>;
  let leases: Leases;
  let silence: PromiseWithResolvers<void>;

  beforeEach(() => {
    vi.useFakeTimers();
    silence = Promise.withResolvers();
    answer = async () => {};
    leases = new Leases({
      store: { isShared: true, extend: () => answer() },
      now: () => 0,
      onError: () => {},
    });
    leases.start();
  });
  afterEach(async () => {
    silence.resolve();
    const stopped = leases.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    await stopped;
    vi.useRealTimers();
  });

  const after = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    return leases.isSure(HELD);
  };

  it("for as long as the store holds it", async () => {
    leases.hold(HELD, performance.now());

    expect(await after(60_000)).toBe(true);
  });

  it("but not where the store took long to give it", async () => {
    leases.hold(HELD, performance.now() - 10_000);

    expect(await after(0)).toBe(false);
  });

  it("counted from when the store was asked to hold it for longer, and not from its answer", async () => {
    leases.hold(HELD, performance.now());
    const slow = Promise.withResolvers<void>();
    answer = () => slow.promise;

    expect(await after(9_000)).toBe(true);
    slow.resolve();
    expect(await after(4_000)).toBe(true);
    answer = () => silence.promise;
    expect(await after(3_000)).toBe(false);
  });

  it("and not because it asked for others", async () => {
    await after(4_000);
    const slow = Promise.withResolvers<void>();
    answer = () => slow.promise;
    await after(2_000);
    // It was claimed before the store was asked to hold the others for longer, and came after that.
    leases.hold(HELD, performance.now() - 3_000);
    slow.resolve();
    answer = () => silence.promise;

    expect(await after(0)).toBe(true);
    expect(await after(7_500)).toBe(false);
  });
});

describe("a bridge takes over what others hold no longer", () => {
  let answer: () => Promise<void>;
  let leases: Leases;

  beforeEach(() => {
    vi.useFakeTimers();
    answer = async () => {};
    leases = new Leases({
      store: { isShared: true, extend: () => answer() },
      now: () => 0,
      onError: () => {},
    });
    leases.start();
  });
  afterEach(async () => {
    const stopped = leases.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    await stopped;
    vi.useRealTimers();
  });

  const after = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    return leases.takesOver;
  };

  it("once the store has answered for a whole lease", async () => {
    expect(await after(14_000)).toBe(false);
    expect(await after(2_000)).toBe(true);
  });

  it("but not after the store failed, until it has answered for a whole lease again", async () => {
    await after(16_000);

    answer = () => Promise.reject(new Error("away"));
    expect(await after(5_000)).toBe(false);
    answer = async () => {};
    expect(await after(14_000)).toBe(false);
    expect(await after(3_000)).toBe(true);
  });

  it("but not while the store says nothing, nor soon after it has spoken again", async () => {
    await after(16_000);

    const silence = Promise.withResolvers<void>();
    answer = () => silence.promise;
    expect(await after(14_000)).toBe(false);
    answer = async () => {};
    silence.resolve();
    expect(await after(14_000)).toBe(false);
    expect(await after(3_000)).toBe(true);
  });
});
