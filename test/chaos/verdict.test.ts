import { describe, expect, it } from "vitest";
import type { SandboxMessage } from "../../src/sandbox/message.ts";
import type { LedgerDelivery } from "./ledger.ts";
import { channelOf, destinationOf, type Kind, KINDS } from "./rig.ts";
import { traffic, type TrafficEvent } from "./traffic.ts";
import { type Evidence, judge } from "./verdict.ts";

const LANES = 2;

describe("the verdict over what was accepted and what the platforms took", () => {
  it("finds nothing wrong when each accepted event is once in one channel of each kind", async () => {
    const evidence = await flawless();

    const verdict = judge(evidence);

    expect(verdict).toEqual({
      accepted: 8,
      expected: 32,
      lost: 0,
      stray: 0,
      doubled: { "slack-bot": 0, "slack-webhook": 0, "discord-bot": 0, "discord-webhook": 0 },
      unexplained: 0,
      outOfSubjectOrder: 0,
      outOfLaneOrder: 0,
    });
  });

  it("counts a message that never appeared", async () => {
    const evidence = await flawless();

    const verdict = judge({ ...evidence, messages: evidence.messages.slice(1) });

    expect(verdict.lost).toBe(1);
  });

  it("does not expect messages of an event that was never accepted", async () => {
    const evidence = await flawless();
    const [first = "", ...rest] = [...evidence.accepted.keys()];
    const accepted = new Map(rest.map((marker) => [marker, `evt ${marker}`]));

    const verdict = judge({
      ...evidence,
      accepted,
      messages: evidence.messages.filter(({ body }) => body["text"] !== first),
    });

    expect([verdict.expected, verdict.lost]).toEqual([28, 0]);
  });

  it("counts a message in another channel as lost and as a stray", async () => {
    const evidence = await flawless();
    const messages = evidence.messages.map((one, index) =>
      index === 0 ? { ...one, channel: channelOf("slack-bot", 1) } : one,
    );

    const verdict = judge({ ...evidence, messages });

    expect([verdict.lost, verdict.stray]).toEqual([1, 1]);
  });

  it("counts doubles by kind, and asks for an attempt in doubt that explains each", async () => {
    const evidence = await flawless();
    const [first, ...rest] = evidence.messages;
    const messages = first === undefined ? [] : [first, first, ...rest];

    const verdict = judge({ ...evidence, messages });
    const explained = judge({
      ...evidence,
      messages,
      store: {
        ...evidence.store,
        deliveries: evidence.store.deliveries.map((one) => ({ ...one, cutOff: 1 })),
      },
    });

    expect([verdict.doubled["slack-bot"], verdict.unexplained]).toEqual([1, 1]);
    expect([explained.doubled["slack-bot"], explained.unexplained]).toEqual([1, 0]);
  });

  it("counts what comes after a later event of its subject, and of its lane", async () => {
    const evidence = await flawless();

    const verdict = judge({ ...evidence, messages: evidence.messages.toReversed() });

    expect([verdict.outOfSubjectOrder, verdict.outOfLaneOrder]).toEqual([16, 24]);
  });
});

async function flawless(): Promise<Evidence> {
  const events = await traffic({ events: 8, subjects: 4, lanes: LANES, seed: 1 });
  const sent = events.flatMap((event) => KINDS.map((kind) => ({ event, kind })));
  return {
    events,
    lanes: LANES,
    accepted: new Map(events.map(({ marker }) => [marker, `evt ${marker}`])),
    messages: sent.map(({ event, kind }) => messageOf(event, kind)),
    store: {
      events: new Map([["sent", events.length]]),
      deliveries: sent.map(({ event, kind }, seq) => deliveryOf(event, kind, seq)),
    },
  };
}

function messageOf({ subject, marker }: TrafficEvent, kind: Kind): SandboxMessage {
  const [platform, how] = kind.split("-");
  return {
    platform: platform === "slack" ? "slack" : "discord",
    kind: how === "bot" ? "bot" : "webhook",
    channel: channelOf(kind, subject % LANES),
    id: marker,
    body: { text: marker },
    receivedAt: 0,
  };
}

function deliveryOf({ subject, marker }: TrafficEvent, kind: Kind, seq: number): LedgerDelivery {
  return {
    seq,
    event: `evt ${marker}`,
    destination: destinationOf(kind, subject % LANES),
    status: "delivered",
    attempts: 1,
    isReplayed: 0,
    cutOff: 0,
    unknown: 0,
  };
}
