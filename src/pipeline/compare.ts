import type { JsonObject } from "../core/json.ts";
import type { Destination } from "../destinations/destination.ts";
import type { RehearsedMessage, Stage } from "./rehearse.ts";

/** Today's config, and another one that it is compared with. */
export interface Sides<T> {
  readonly today: T;
  readonly other: T;
}

/** What one destination would be told of one event by each config; `null` where one sends nothing. */
export interface Compared {
  readonly destination: string;
  readonly verdict: Verdict;
  readonly today: RehearsedMessage | null;
  readonly other: RehearsedMessage | null;
}

/** How the messages differ: only the other config sends one, only today's, both with another content; or not at all. */
export type Verdict = "gained" | "lost" | "changed" | "same";

/** Holds the messages of an event against each other, by what people would see of them; one for each destination. */
export function compareMessages(
  messages: Sides<readonly RehearsedMessage[]>,
  stages: Sides<Stage>,
): Compared[] {
  const today = new Map(messages.today.map((one) => [one.destination, one]));
  const other = new Map(messages.other.map((one) => [one.destination, one]));
  const names = [...new Set([...today.keys(), ...other.keys()])];
  return names.map((destination) => {
    const [before = null, after = null] = [today.get(destination), other.get(destination)];
    const verdict = verdictOf(before, after, stages);
    return { destination, verdict, today: before, other: after };
  });
}

function verdictOf(
  today: RehearsedMessage | null,
  other: RehearsedMessage | null,
  stages: Sides<Stage>,
): Verdict {
  if (today === null) return "gained";
  if (other === null) return "lost";
  const [seen, alsoSeen] = [today.request.body, seenHere(other, stages)];
  return JSON.stringify(seen) === JSON.stringify(alsoSeen) ? "same" : "changed";
}

/** What people would see; that it is in another channel is told of the destination, and not of each message. */
function seenHere(
  { destination, message, request }: RehearsedMessage,
  stages: Sides<Stage>,
): JsonObject {
  const here = stages.today.destinations.get(destination);
  const there = stages.other.destinations.get(destination);
  if (here === undefined || there === undefined || !hasMoved(here, there)) return request.body;
  return here.platform === there.platform ? here.compose(message, "full").body : request.body;
}

/** Whether a destination is another channel, or on another account, in the other config. */
export function hasMoved(today: Destination, other: Destination): boolean {
  return today.lane !== other.lane;
}
