import type { z } from "zod";
import type { DeliveryForm } from "../core/delivery.ts";
import type { JsonObject } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { Excess, Outline } from "../core/outline.ts";
import type { MessageRef, Outcome } from "../core/outcome.ts";
import type { Turns } from "../core/turns.ts";

/** The chat platforms, which are also the destination types and the infixes of template variants. */
export const PLATFORMS = ["slack", "discord"] as const;

/** A chat platform. */
export type Platform = (typeof PLATFORMS)[number];

/** A configured place that messages go to. CONTRIBUTING.md tells how to add a type of destination. */
export interface Destination {
  /** The key under `destinations`. */
  readonly name: string;
  readonly platform: Platform;
  /** One channel on one account, without secrets: what order and pace are kept by. */
  readonly lane: string;
  /** The token or webhook behind it, without secrets: what is parked when it is revoked. */
  readonly account: string;
  /** The least milliseconds between two sends in the lane; 0 where the platform's headers tell. */
  readonly paceMs: number;
  /** What to do when a message may have been posted and the platform cannot tell. */
  readonly onUnknown: "retry" | "hold";
  /** The request for a message; pure, so that what `preview` shows is what is sent. */
  compose(message: Message, form: DeliveryForm): Request;
  /** Makes one attempt and says what came of it; never throws and never retries. */
  send(request: Request, attempt: Attempt, signal: AbortSignal): Promise<Outcome>;
  /**
   * Looks for a message that an earlier attempt may have posted, at its turn; never throws. Missing where no platform can
   * tell.
   */
  find?(attempt: Attempt, turns: Turns, signal: AbortSignal): Promise<Lookup>;
  /** How long after a doubtful attempt the platform can be asked, in milliseconds: sooner, the message may be on its way. */
  readonly lookAfterMs: number;
  /**
   * The address at which people see a message that it posted, `null` while the platform does not tell; never throws.
   * Missing where there is none.
   */
  link?(ref: MessageRef, signal: AbortSignal): Promise<string | null>;
  /** Loads what the first call would otherwise wait for. */
  open(): Promise<void>;
  /** Asks the platform whether token, channel and permissions work; one finding a line. */
  probe(signal: AbortSignal): Promise<readonly Finding[]>;
}

/** One call to a platform, as `preview` prints it. */
export interface Request {
  /** Method and address, secrets hidden: `POST https://slack.com/api/chat.postMessage`. */
  readonly call: string;
  readonly body: JsonObject;
}

/** Which attempt a call is, so that the platform can be asked not to post twice. */
export interface Attempt {
  readonly delivery: string;
  readonly event: string;
  /** From 1. */
  readonly number: number;
  /** When it begins, in milliseconds since the epoch. */
  readonly now: number;
  /** When the first attempt began that may have posted the message; `now` when there was none before. */
  readonly doubtfulSince: number;
}

/** What looking for a message came to. */
export type Lookup =
  | { readonly kind: "found"; readonly ref: MessageRef }
  /** It certainly is not there, or posting again would give the same message. */
  | { readonly kind: "absent" }
  /** The platform cannot tell. */
  | { readonly kind: "untold" }
  /** The platform could not be asked just now; what came of asking. */
  | { readonly kind: "later"; readonly outcome: Extract<Outcome, { kind: "retry" | "rejected" }> };

/** One thing that a live check found. */
export interface Finding {
  readonly ok: boolean;
  /** One sentence; with what to do when it is not ok. */
  readonly text: string;
}

/** A type of destination: what the registry lists. */
export interface DestinationType<C extends z.ZodType = z.ZodType> {
  /** The value of `type` in the config. */
  readonly type: Platform;
  /** The settings below `type`; strict. */
  readonly config: C;
  create(name: string, settings: z.output<C>): Destination;
  /** What of a template goes beyond the platform's limits, whatever the event. */
  excess(outline: Outline): readonly Excess[];
}
