import type { SandboxMessage } from "../../src/sandbox/message.ts";
import type { LedgerDelivery, StoreLedger } from "./ledger.ts";
import { channelOf, destinationOf, type Kind, KINDS } from "./rig.ts";
import { markersIn, type TrafficEvent } from "./traffic.ts";

/** What was sent, and what became of it on either side. */
export interface Evidence {
  readonly events: readonly TrafficEvent[];
  readonly lanes: number;
  /** The kinds of destination that every event goes to; all four unless given. */
  readonly kinds?: readonly Kind[];
  /** The bridge's ids of the events that it answered with 202, by their markers. */
  readonly accepted: ReadonlyMap<string, string>;
  /** In the order in which the platforms took them. */
  readonly messages: readonly SandboxMessage[];
  readonly store: StoreLedger;
}

/** What came of the events. */
export interface Verdict {
  readonly accepted: number;
  /** How many messages there must be. */
  readonly expected: number;
  /** How many of those never appeared in their channel. */
  readonly lost: number;
  /** Messages in a channel to which no accepted event leads. */
  readonly stray: number;
  /** Messages that appeared once more, by kind. */
  readonly doubled: Readonly<Record<Kind, number>>;
  /** Those among them whose delivery has no attempt that may have posted them. */
  readonly unexplained: number;
  /** Messages that came after a later event of their subject. */
  readonly outOfSubjectOrder: number;
  /** Messages that came after a later delivery of their lane. */
  readonly outOfLaneOrder: number;
}

/** Holds what the platforms took against what the bridge accepted. */
export function judge(evidence: Evidence): Verdict {
  const expected = expectedMessages(evidence);
  const taken = evidence.messages.map(({ platform, kind, channel, body }) => {
    const marker = markersIn(JSON.stringify(body)).join(" ");
    return { lane: `${platform}-${kind} ${channel}`, marker };
  });
  const copies = Map.groupBy(taken, ({ lane, marker }) => `${lane} ${marker}`);
  const repeated = [...copies]
    .map(([key, all]) => ({ one: expected.get(key), copies: all.length }))
    .filter((repeat): repeat is Repeat => repeat.one !== undefined && repeat.copies > 1);
  const known = taken.flatMap(({ lane, marker }) => {
    const one = expected.get(`${lane} ${marker}`);
    return one === undefined ? [] : [{ lane, one }];
  });
  return {
    accepted: evidence.accepted.size,
    expected: expected.size,
    lost: [...expected.keys()].filter((key) => !copies.has(key)).length,
    stray: taken.length - known.length,
    doubled: doubledByKind(repeated),
    unexplained: sum(repeated.map(unexplainedCopies)),
    outOfSubjectOrder: outOfOrder(
      known.map(({ lane, one }) => [`${lane} ${one.event.subject}`, one.event.step]),
    ),
    outOfLaneOrder: outOfOrder(
      known.map(({ lane, one }) => [lane, one.deliveries[0]?.seq ?? Infinity]),
    ),
  };
}

interface Expected {
  readonly kind: Kind;
  readonly event: TrafficEvent;
  /** The store's own, the original and its replays; empty when it has none. */
  readonly deliveries: readonly LedgerDelivery[];
}

interface Repeat {
  readonly one: Expected;
  readonly copies: number;
}

/** One message of each kind for each accepted event, by its channel and marker. */
function expectedMessages(evidence: Evidence): Map<string, Expected> {
  const { events, lanes, kinds = KINDS, accepted, store } = evidence;
  const byWay = Map.groupBy(store.deliveries, (one) => `${one.event} ${one.destination}`);
  const expected = new Map<string, Expected>();
  for (const event of events) {
    const id = accepted.get(event.marker);
    if (id === undefined) continue;
    const lane = event.subject % lanes;
    for (const kind of kinds) {
      const deliveries = byWay.get(`${id} ${destinationOf(kind, lane)}`) ?? [];
      const key = `${kind} ${channelOf(kind, lane)} ${event.marker}`;
      expected.set(key, { kind, event, deliveries });
    }
  }
  return expected;
}

function doubledByKind(repeated: readonly Repeat[]): Verdict["doubled"] {
  const of = (kind: Kind) =>
    sum(repeated.filter(({ one }) => one.kind === kind).map(({ copies }) => copies - 1));
  return {
    "slack-bot": of("slack-bot"),
    "slack-webhook": of("slack-webhook"),
    "discord-bot": of("discord-bot"),
    "discord-webhook": of("discord-webhook"),
  };
}

/** Every copy but the last must be of an attempt that was cut off, or of which it is unknown what it came to. */
function unexplainedCopies({ one: { deliveries }, copies }: Repeat): number {
  const doubtful = sum(deliveries.map(({ cutOff, unknown }) => cutOff + unknown));
  return Math.max(0, copies - 1 - doubtful);
}

/** How many of the numbers are smaller than one that came before them under the same key. */
function outOfOrder(numbered: readonly (readonly [key: string, number: number])[]): number {
  const highest = new Map<string, number>();
  let count = 0;
  for (const [key, number] of numbered) {
    const before = highest.get(key) ?? -Infinity;
    if (number < before) count += 1;
    else highest.set(key, number);
  }
  return count;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
