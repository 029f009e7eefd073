import { describe, expect, it } from "vitest";
import { shared } from "../../src/server/shared.ts";

describe("what is done for all who ask", () => {
  it("is done once for all who ask meanwhile", async () => {
    const { ask } = setUp(1);

    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  });

  it("is done anew each time while it is cheap", async () => {
    const { ask } = setUp(4);

    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  it("is kept for fifty times as long as it took when it is dear", async () => {
    const { ask, clock } = setUp(100);

    const first = await ask();
    clock.now = 1_000 + 4_999;
    const kept = await ask();
    clock.now = 1_000 + 5_000;
    const anew = await ask();

    expect([first, kept, anew]).toEqual([1, 1, 2]);
  });

  it("is kept however little it took where that is asked for", async () => {
    const { clock, ask } = setUp(1, 0);

    const first = await ask();
    clock.now += 48;
    const kept = await ask();
    clock.now += 2;
    const anew = await ask();

    expect([first, kept, anew]).toEqual([1, 1, 2]);
  });

  it("is kept for ten seconds at most", async () => {
    const { ask, clock } = setUp(3_000);

    const first = await ask();
    clock.now = 1_000 + 10_000;
    const anew = await ask();

    expect([first, anew]).toEqual([1, 2]);
  });

  it("is not kept when it fails, and fails for all who asked meanwhile", async () => {
    let count = 0;
    const ask = shared(async () => {
      count += 1;
      if (count === 1) throw new Error("disk full");
      return count;
    });

    const asked = await Promise.allSettled([ask(), ask()]);

    expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await ask()).toBe(2);
  });
});

/** Counts how often it is done; each time takes so many milliseconds on the clock. */
function setUp(takesMs: number, cheapMs?: number) {
  const clock = { now: 1_000 };
  let count = 0;
  const ask = shared(
    async () => {
      await Promise.resolve();
      clock.now += takesMs;
      count += 1;
      return count;
    },
    { clock: () => clock.now, ...(cheapMs !== undefined && { cheapMs }) },
  );
  return { clock, ask };
}
