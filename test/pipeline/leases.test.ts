import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Leases } from "../../src/pipeline/leases.ts";

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
