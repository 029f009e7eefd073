import type { Unmade } from "../core/delivery.ts";
import { type Facts, factsOf } from "../core/facts.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Turns } from "../core/turns.ts";
import type { Attempt, Destination, Lookup } from "../destinations/destination.ts";
import type { Rendered, Templates } from "../render/rendered.ts";
import type { Source } from "../sources/source.ts";
import type { Claim } from "../store/store.ts";
import { isRollingOut } from "./rollout.ts";

/** What deliveries are made with: one revision of the config, swapped whole. */
export interface Means {
  readonly sources: ReadonlyMap<string, Source>;
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly templates: Templates;
  readonly giveUpAfterMs: number;
  readonly timeoutMs: number;
}

/** What an attempt came to, and what was rendered for it, if it came to that. */
export interface Made {
  readonly outcome: Outcome | Unmade;
  readonly rendered: Rendered | undefined;
}

/** When an attempt is made, and whose turn it is where bridges take turns. */
export interface Moments {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly turns: Turns;
  /** Whether other bridges work on the same deliveries, maybe with another configuration. */
  readonly isShared: boolean;
  /** Whether no other bridge can have taken the delivery over meanwhile. */
  readonly isSure: () => boolean;
}

/** Makes one attempt at a delivery: looks for the message where it may have been posted, else renders and sends it. */
export async function make(
  claim: Claim,
  means: Means,
  moments: Moments,
  signal: AbortSignal,
): Promise<Made> {
  const destination = means.destinations.get(claim.destination);
  if (!moments.isSure()) return { outcome: HELD_UP, rendered: undefined };
  if (destination === undefined)
    return { outcome: withoutDestination(claim, moments), rendered: undefined };
  try {
    return await makeFor(destination, claim, means, moments, signal);
  } catch (error) {
    return { outcome: failed(error), rendered: undefined };
  }
}

async function makeFor(
  destination: Destination,
  claim: Claim,
  means: Means,
  { now, turns, isSure }: Moments,
  signal: AbortSignal,
): Promise<Made> {
  const attempt: Attempt = {
    delivery: claim.delivery,
    event: claim.event.id,
    number: claim.attempt,
    now: now(),
    doubtfulSince: claim.doubtfulSince ?? claim.startedAt,
  };
  if (claim.doubtfulSince !== null) {
    const doubtfulUntil = claim.doubtfulUntil ?? claim.startedAt;
    const outcome = await lookAgain({ destination, turns }, attempt, doubtfulUntil, signal);
    if (outcome !== undefined) return { outcome, rendered: undefined };
  }
  const facts = factsOfClaim(claim, means);
  if (facts === undefined) return { outcome: unreadable(claim), rendered: undefined };
  const rendered = means.templates.render(claim.template, facts, destination.platform);
  const request = destination.compose(rendered.message, claim.form);
  if (!isSure()) return { outcome: HELD_UP, rendered };
  // The look-up may have taken long, and what the platform asks of the post counts from the post.
  const sending = { ...attempt, now: now() };
  return { outcome: await destination.send(request, sending, signal), rendered };
}

/** Whoever is at the message by now says what becomes of it; this attempt was none. */
const HELD_UP: Outcome = {
  kind: "retry",
  scope: "lane",
  reason: {
    code: "held-up",
    text: "The bridge was held up for so long that another one may be at the message by now.",
  },
  own: true,
};

/** What is asked, and whose turn it is to ask. */
interface Asked {
  readonly destination: Destination;
  readonly turns: Turns;
}

/** What to make of a message that may have been posted already; `undefined` to post it (again). */
async function lookAgain(
  { destination, turns }: Asked,
  attempt: Attempt,
  doubtfulUntil: number,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const lookup = await lookFor({ destination, turns }, attempt, doubtfulUntil, signal);
  switch (lookup.kind) {
    case "later":
      return lookup.outcome;
    case "found":
      return { kind: "delivered", ref: lookup.ref };
    case "absent":
      return undefined;
    case "untold": {
      if (destination.onUnknown === "retry") return undefined;
      const text = "An earlier attempt may have posted the message, and the platform cannot tell.";
      return { kind: "unknown", reason: { code: "in-doubt", text }, own: true };
    }
  }
}

async function lookFor(
  { destination, turns }: Asked,
  attempt: Attempt,
  doubtfulUntil: number,
  signal: AbortSignal,
): Promise<Lookup> {
  if (destination.find === undefined) return { kind: "untold" };
  const afterMs = doubtfulUntil + destination.lookAfterMs - attempt.now;
  if (afterMs <= 0) return destination.find(attempt, turns, signal);
  const text = "An earlier attempt may have posted the message, which cannot be looked for yet.";
  const reason = { code: "in-doubt", text };
  return { kind: "later", outcome: { kind: "retry", scope: "lane", reason, afterMs, own: true } };
}

/** An error of ours, before anything was sent. Its message may hold a customer's data, so only its name is kept. */
function failed(error: unknown): Unmade {
  const name = error instanceof Error ? error.name : typeof error;
  const reason = { code: "message-failed", text: `The message could not be made (${name}).` };
  return { kind: "unmade", reason, mayBePlain: true };
}

function factsOfClaim(claim: Claim, means: Means): Facts | undefined {
  const source = means.sources.get(claim.event.source);
  const [first, ...rest] = claim.event.changes;
  if (source === undefined || first === undefined) return undefined;
  return factsOf(source.parse(claim.event.body), source, [first, ...rest]);
}

/** The other deliveries in the lane may be of other destinations and sources: they do not wait for this one. */
function withoutDestination(claim: Claim, { now, isShared }: Moments): Outcome | Unmade {
  const code = "destination-unknown";
  if (isShared && isRollingOut(claim.createdAt, now())) {
    const text = `The config of this bridge has no destination called "${claim.destination}"; another bridge's may.`;
    return { kind: "retry", scope: "lane", reason: { code, text }, afterMs: 0, own: true };
  }
  const text = `The config has no destination called "${claim.destination}" any more.`;
  return { kind: "unmade", reason: { code, text }, mayBePlain: false };
}

function unreadable(claim: Claim): Unmade {
  const text = `The config has no source called "${claim.event.source}" any more, so the event cannot be read.`;
  return { kind: "unmade", reason: { code: "source-unknown", text }, mayBePlain: false };
}
