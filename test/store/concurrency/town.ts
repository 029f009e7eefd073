import type { ArrivedWebhook, LaneOf } from "../../../src/store/store.ts";

/** How many subjects there are; few, so that bridges meet at them. */
const SUBJECTS = 12;

/** The destinations, by the configurations that bridges may have: in the second one, two have moved to other lanes. */
export const CONFIGS: readonly (readonly LaneOf[])[] = [
  [to("a", 0), to("a", 1), to("a", 2), to("b", 3), to("b", 4), to("c", 5)],
  [to("a", 0), to("a", 1), to("a", 2), to("b", 3), to("b", 4, 9), to("b", 5)],
];

/** The lanes that no destination ever moves to or from. */
export const STEADY: readonly string[] = ["a/C0", "a/C1", "a/C2", "b/C3"];

function to(account: string, number: number, channel = number): LaneOf {
  return { destination: `d${number}`, lane: `${account}/C${channel}`, account };
}

/** What the webhook of a number says. */
export interface Said {
  readonly number: number;
  readonly subject: string;
  /** The numbers of the destinations that it goes to. */
  readonly to: readonly number[];
}

/** The webhook of a number, as one bridge takes it in; every eleventh is quarantined, and of a subject of its own. */
export function webhookOf(number: number, id: string, receivedAt: number): ArrivedWebhook {
  const isQuarantined = number % 11 === 0;
  const subject = isQuarantined ? `q${number}` : `s${number % SUBJECTS}`;
  const said: Said = { number, subject, to: destinationsOf(number) };
  return {
    id,
    source: "polar",
    key: `k${number}`,
    type: "customer.state_changed",
    time: "2026-11-22T10:00:00Z",
    subject: isQuarantined ? null : subject,
    receivedAt,
    body: Buffer.from(JSON.stringify(said)),
    quarantine: isQuarantined ? { code: "odd", text: "It is odd." } : null,
    reports: [{ cause: `came:${number % 3}`, text: "It came." }],
  };
}

/** The numbers of the destinations that a webhook goes to; some go nowhere. */
export function destinationsOf(number: number): number[] {
  return [0, 1, 2, 3, 4, 5].filter((one) => (number * 5 + one * 3) % 7 < 2);
}

/** What a stored webhook says. */
export function saidIn(body: Uint8Array): Said {
  return JSON.parse(Buffer.from(body).toString()) as Said;
}
