import { createHash } from "node:crypto";
import type { Made } from "./made.ts";
import type { Reply } from "./replies.ts";

/** What is counted over all requests. */
export class Tally {
  readonly faults = { broke: 0, shed: 0, unsigned: 0, refused: 0, unanswered: 0, odd: 0 };
  readonly statuses = new Map<string, number>();
  sent = 0;
  /** Requests that had to be accepted. */
  authentic = 0;
  /** Those that were taken but cannot be read. */
  quarantined = 0;
  /** What was answered 202 and not known before: source and digest of the body, by the event's id. */
  readonly accepted = new Map<string, string>();
  /** What may be in the store although no answer says so. */
  readonly possible = new Set<string>();

  /** Counts a request; gives back what is wrong with its answers, `undefined` when nothing is. */
  count(made: Made, replies: readonly Reply[]): string | undefined {
    this.sent += 1;
    if (made.accept === "must") this.authentic += 1;
    if (made.accept !== "never") this.possible.add(keptAs(made));
    const [reply, ...more] = replies;
    const status = reply === undefined ? "none" : String(reply.status);
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (reply?.status === 202) this.#keep(made, reply);
    const fault =
      faultOf(made, reply) ?? more.map((one) => faultOfMore(one)).find((one) => one !== undefined);
    if (fault === undefined) return undefined;
    this.faults[fault] += 1;
    // To be turned away is no fault of the request, and cannot be brought about again by sending it.
    if (fault === "shed") return undefined;
    return `${fault}: answered ${status}${reply === undefined ? "" : ` ${reply.body.slice(0, 200)}`}`;
  }

  #keep(made: Made, reply: Reply): void {
    const { id, status } = JSON.parse(reply.body) as {
      readonly id: string;
      readonly status: string;
    };
    if (status === "quarantined") this.quarantined += 1;
    if (status !== "duplicate") this.accepted.set(id, keptAs(made));
  }
}

/** The source and a digest of the body. */
function keptAs({ recipe, body }: Pick<Made, "recipe" | "body">): string {
  return keyOf(recipe.source, body);
}

/** The source and a digest of a body. */
export function keyOf(source: string, body: Uint8Array): string {
  return `${source} ${createHash("sha256").update(body).digest("base64")}`;
}

type Fault = keyof Tally["faults"];

function faultOf(made: Made, reply: Reply | undefined): Fault | undefined {
  if (reply === undefined) return made.isAnswered ? "unanswered" : undefined;
  const { status } = reply;
  if (status === 503) return "shed";
  if (status >= 500) return "broke";
  if (status === 202) return made.accept === "never" ? "unsigned" : undefined;
  if (made.accept === "must") return "refused";
  // Elsewhere than where webhooks belong, other answers are right.
  const isRefusal = status >= 400 && status < 500;
  return isRefusal || (status !== 0 && made.recipe.line.is === "other") ? undefined : "odd";
}

/** What is left of a broken request may look like a second one, but never like one to be taken. */
function faultOfMore({ status }: Reply): Fault | undefined {
  if (status === 202) return "unsigned";
  return status >= 500 || status === 0 ? "broke" : undefined;
}
