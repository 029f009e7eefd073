import { describe, expect, it } from "vitest";
import { type LaneAttempt, laneTimes } from "./lane-times.ts";

const NO_TROUBLE = { kills: [], returns: [] };

describe("how long lanes wait for a bridge", () => {
  it("counts from the kill until another bridge is at the lane, and until it delivers", () => {
    const attempts = [
      attempt({ startedAt: 900, endedAt: null, outcome: null }),
      attempt({ number: 2, startedAt: 16_000, endedAt: 16_100, outcome: "retry" }),
      attempt({ number: 3, startedAt: 18_000, endedAt: 18_100 }),
    ];

    const { held, handOvers, messages } = laneTimes(attempts, { kills: [1_000], returns: [] });

    expect(held).toBe(1);
    expect(handOvers).toEqual([15_000]);
    expect(messages).toEqual([17_100]);
  });

  it("counts messages from the last kill only, where bridges are killed at a lane again and again", () => {
    const attempts = [
      attempt({ startedAt: 900, endedAt: null, outcome: null }),
      attempt({ number: 2, startedAt: 16_000, endedAt: null, outcome: null }),
      attempt({ number: 3, startedAt: 32_000, endedAt: 32_500 }),
    ];

    const { handOvers, messages } = laneTimes(attempts, { kills: [1_000, 17_000], returns: [] });

    expect(handOvers).toEqual([15_000, 15_000]);
    expect(messages).toEqual([15_500]);
  });

  it("knows by which of several kills an attempt was ended, also one that was to begin a moment later", () => {
    const attempts = [
      attempt({ startedAt: 5_050, endedAt: null, outcome: null }),
      attempt({ number: 2, startedAt: 20_000 }),
    ];

    const { handOvers } = laneTimes(attempts, { kills: [1_000, 5_000, 9_000], returns: [] });

    expect(handOvers).toEqual([15_000]);
  });

  it("counts anew from when the database came back", () => {
    const attempts = [
      attempt({ startedAt: 900, endedAt: null, outcome: null }),
      attempt({ number: 2, startedAt: 31_000 }),
    ];
    const times = { kills: [1_000], returns: [12_000, 40_000] };

    const { handOvers, longestIdle } = laneTimes(attempts, times);

    expect([handOvers, longestIdle]).toEqual([[19_000], 19_000]);
  });

  it("never ends for a lane that nobody comes to", () => {
    const attempts = [attempt({ startedAt: 900, endedAt: null, outcome: null })];

    const { handOvers } = laneTimes(attempts, { kills: [1_000], returns: [] });

    expect(handOvers).toEqual([Infinity]);
  });

  it("finds the longest that something waited while no attempt was under way", () => {
    const attempts = [
      attempt({ delivery: "one", createdAt: 0, startedAt: 500, endedAt: 2_000 }),
      attempt({ delivery: "two", createdAt: 0, startedAt: 3_000, endedAt: 3_100 }),
      attempt({ delivery: "three", createdAt: 90_000, startedAt: 90_200, endedAt: 90_300 }),
    ];

    expect(laneTimes(attempts, NO_TROUBLE)).toEqual({
      held: 0,
      handOvers: [],
      messages: [],
      longestIdle: 1_000,
    });
  });

  it("keeps lanes apart", () => {
    const attempts = [
      attempt({ lane: "one", startedAt: 900, endedAt: null, outcome: null }),
      attempt({ lane: "other", createdAt: 1_900, startedAt: 2_000 }),
    ];

    const { handOvers, longestIdle } = laneTimes(attempts, { kills: [1_000], returns: [] });

    expect([handOvers, longestIdle]).toEqual([[Infinity], 900]);
  });
});

function attempt(more: Partial<LaneAttempt>): LaneAttempt {
  const startedAt = more.startedAt ?? 0;
  return {
    lane: "slack:a/C1",
    delivery: "dlv_1",
    number: 1,
    createdAt: 0,
    startedAt,
    endedAt: startedAt + 100,
    outcome: "delivered",
    ...more,
  };
}
