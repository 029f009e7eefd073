import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** A webhook that a vendor would send, and what its messages are known by. */
export interface TrafficEvent {
  readonly source: "polar" | "plain";
  /** What it happened to; from 0, over both sources. */
  readonly subject: number;
  /** Which of its subject's events it is; from 0. */
  readonly step: number;
  /** A text that occurs in its messages and in no others. */
  readonly marker: string;
  /** What the vendor keeps stable when it sends the webhook again. */
  readonly id: string;
  readonly body: Buffer;
}

/** How much traffic. */
export interface Volume {
  readonly events: number;
  readonly subjects: number;
  /** The e-mail address of each customer ends in `@lane<n>.example`, n below this. */
  readonly lanes: number;
  readonly seed: number;
}

/**
 * Events of both sources, each of which changes something: customers of Polar that subscribe, change plans and leave,
 * and customers in Plain that come into groups and go. A subject's events are in order, and subjects take turns.
 */
export async function traffic({ events, subjects, lanes, seed }: Volume): Promise<TrafficEvent[]> {
  const samples = await readSamples();
  return Array.from({ length: events }, (_, position) => {
    const [subject, step] = [position % subjects, Math.floor(position / subjects)];
    const marker = `mark${subject}x${step}`;
    const email = `c${subject}@lane${subject % lanes}.example`;
    const isPolar = subject % 2 === 0;
    const facts: Facts = { seed: `${seed} ${subject}`, step, marker, email };
    const id = `${isPolar ? "wh" : "pEv"}_${digest(`${seed} ${marker}`).slice(0, 26)}`;
    const payload = isPolar ? polarState(samples, facts) : plainMembership(samples, facts, id);
    const body = Buffer.from(JSON.stringify(payload));
    return { source: isPolar ? "polar" : "plain", subject, step, marker, id, body };
  });
}

/** The markers in a text. */
export function markersIn(text: string): string[] {
  return [...new Set(text.match(/mark\d+x\d+/g))];
}

interface Facts {
  readonly seed: string;
  readonly step: number;
  readonly marker: string;
  readonly email: string;
}

interface PolarPayload {
  readonly timestamp: string;
  readonly data: {
    readonly active_subscriptions: readonly { readonly id: string }[];
    readonly granted_benefits: readonly { readonly id: string }[];
  };
}

interface PlainPayload {
  readonly payload: { readonly customer: object; readonly previousCustomer: object };
}

type Samples = Awaited<ReturnType<typeof readSamples>>;

async function readSamples() {
  return {
    created: await sample<PolarPayload>("polar/created"),
    living: await Promise.all(
      ["subscribed", "cancellation-scheduled", "plan-changed", "subscription-gone"].map((name) =>
        sample<PolarPayload>(`polar/${name}`),
      ),
    ),
    groups: await Promise.all(
      ["group-added", "group-removed"].map((name) => sample<PlainPayload>(`plain/${name}`)),
    ),
  };
}

async function sample<T>(name: string): Promise<T> {
  const text = await readFile(new URL(`../../samples/${name}.json`, import.meta.url), "utf8");
  return JSON.parse(text) as T;
}

/** Created once, then again and again a year with a subscription; the state is later at each step. */
function polarState({ created, living }: Samples, { seed, step, marker, email }: Facts): object {
  const year = Math.floor((step - 1) / living.length);
  const { timestamp, data, ...rest } =
    (step === 0 ? undefined : living[(step - 1) % living.length]) ?? created;
  const own = ({ id }: { readonly id: string }) => uuid(`${seed} ${year} ${id}`);
  return {
    ...rest,
    timestamp: later(timestamp, Math.max(0, year)),
    data: {
      ...data,
      id: uuid(seed),
      email,
      metadata: { marker },
      active_subscriptions: data.active_subscriptions.map((one) => ({ ...one, id: own(one) })),
      granted_benefits: data.granted_benefits.map((one) => ({ ...one, id: own(one) })),
    },
  };
}

/** Into a group and out of one again, by turns. */
function plainMembership({ groups }: Samples, facts: Facts, id: string): object {
  const { step, seed, marker, email } = facts;
  const sent = groups[step % groups.length];
  const customer = {
    id: `c_${digest(seed).slice(0, 26).toUpperCase()}`,
    email: { email, isVerified: false, verifiedAt: null },
    externalId: marker,
  };
  return {
    ...sent,
    id,
    payload: {
      ...sent?.payload,
      customer: { ...sent?.payload.customer, ...customer },
      previousCustomer: { ...sent?.payload.previousCustomer, ...customer },
    },
  };
}

/** The text of a time, some years later and otherwise untouched. */
function later(time: string, years: number): string {
  return `${Number(time.slice(0, 4)) + years}${time.slice(4)}`;
}

function uuid(text: string): string {
  return digest(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
