import { PayloadError } from "../core/error.ts";
import { type Facts, factsOf } from "../core/facts.ts";
import type { RecordedEvent } from "../store/store.ts";
import { type Compared, compareMessages, type Sides } from "./compare.ts";
import { type RehearsedMessage, rehearseFacts, type Stage } from "./rehearse.ts";
import { type Earlier, Retelling, type Told } from "./retelling.ts";
import { sharing } from "./shared-rendering.ts";

/** Why nothing can be compared for an event. */
export type LeftOut =
  /** Neither config finds that it changed anything. */
  | "unchanged"
  | "stale"
  | "quarantined"
  /** It is not processed yet. */
  | "waiting"
  /** Its payload was pruned. */
  | "pruned"
  /** Its payload cannot be read any more. */
  | "unreadable"
  /** Neither config has its source. */
  | "sourceless";

/** What came of holding one event against two configs. */
export type Held =
  | { readonly leftOut: LeftOut }
  | {
      readonly leftOut: null;
      /** One for each destination that either config sends to. */
      readonly messages: readonly Compared[];
      readonly isAsRecorded: boolean;
    };

/** Holds recorded events, in the order of their arrival, against two configs; nothing is written or sent. */
export class Against {
  readonly #stages: Sides<Stage>;
  readonly #retelling: Retelling;

  constructor(stages: Sides<Stage>) {
    this.#stages = sharing(stages);
    const { today, other } = stages;
    this.#retelling = new Retelling({ today: today.sources, other: other.sources });
  }

  async hold(event: RecordedEvent, earlier: Earlier): Promise<Held> {
    const { status, payloadPrunedAt } = event;
    if (status === "stored") return { leftOut: "waiting" };
    if (status === "quarantined" || status === "stale") return { leftOut: status };
    if (payloadPrunedAt !== null) return { leftOut: "pruned" };
    try {
      return await this.#hold(event, earlier);
    } catch (error) {
      if (error instanceof PayloadError) return { leftOut: "unreadable" };
      throw error;
    }
  }

  async #hold(event: RecordedEvent, earlier: Earlier): Promise<Held> {
    const { today, other, isAsRecorded } = await this.#retelling.tell(event, earlier);
    if (today === null && other === null) return { leftOut: "sourceless" };
    const isUnchanged = [today, other].every((one) => (one?.changes ?? []).length === 0);
    if (isUnchanged) return { leftOut: "unchanged" };
    const [facts, otherFacts] = [factsIn(today), factsIn(other)];
    const messages = {
      today: messagesOf(facts, this.#stages.today),
      // The same facts are the same object, so that what both configs render is rendered once.
      other: messagesOf(areEqual(facts, otherFacts) ? facts : otherFacts, this.#stages.other),
    };
    return { leftOut: null, messages: compareMessages(messages, this.#stages), isAsRecorded };
  }
}

function factsIn(told: Told | null): Facts | null {
  const [first, ...rest] = told?.changes ?? [];
  return told === null || first === undefined
    ? null
    : factsOf(told.event, told.source, [first, ...rest]);
}

function messagesOf(facts: Facts | null, stage: Stage): readonly RehearsedMessage[] {
  return facts === null ? [] : rehearseFacts(facts, stage);
}

/** Whether two configs see the same of one event; its payload is the same in any case. */
function areEqual(one: Facts | null, other: Facts | null): boolean {
  return JSON.stringify(seenIn(one)) === JSON.stringify(seenIn(other));
}

function seenIn(facts: Facts | null): object | null {
  if (facts === null) return null;
  const { event, time, source, customer, changes } = facts;
  const { name, type, label } = source;
  return { event, time, source: { name, type, label }, customer, changes };
}
