import type { Change } from "../../core/change.ts";
import type { DeliveryForm, Settlement } from "../../core/delivery.ts";
import type { Outcome, Reason } from "../../core/outcome.ts";
import type { Report } from "../../core/report.ts";
import type { LaneOf, StoredEvent } from "./events.ts";

/** What a bridge asks for when it claims. */
export interface ClaimRequest {
  readonly now: number;
  /** How long before a lane opens it may be claimed, in milliseconds; 0 unless given. */
  readonly aheadMs?: number;
  /** The places that are free; a claim takes one or more of them. */
  readonly limit: number;
  /** An id that no other call has: what is claimed by it is settled by it. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Lanes that something else is waiting for, or that the bridge is at. */
  readonly except?: readonly string[];
  /** Whether lanes are taken over whose lease ran out, as of a bridge that died; unless given, they are. */
  readonly takesOver?: boolean;
  /** The bridge's attempts that are under way, and how many more may be; without bounds unless given. */
  readonly underWay?: readonly UnderWay[];
  readonly bounds?: Bounds;
}

/** An attempt that is under way. */
export interface UnderWay {
  readonly account: string;
  /** Whether the attempt before it in its lane failed. */
  readonly isTroubled: boolean;
  /** How many places it takes. */
  readonly places: number;
}

/** The most places that attempts under way at once may take. */
export interface Bounds {
  /** In lanes that are in trouble, over all accounts. */
  readonly troubled: number;
  /** In one account. */
  readonly account: number;
  /** In those lanes of one account that are in trouble. */
  readonly accountTroubled: number;
}

/** Which leases are to last for longer. */
export interface ExtendRequest {
  readonly held: readonly Reservation[];
  readonly now: number;
  readonly leaseMs: number;
}

/** A lane that is wanted for a message which is no delivery. */
export interface ReserveRequest extends Omit<LaneOf, "destination"> {
  readonly now: number;
  /** An id that no other call has. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Whether the lane is taken over when its lease ran out; unless given, it is. */
  readonly takesOver?: boolean;
}

/** A lane that a bridge holds, with how it and its account stood. */
export interface Reservation extends Omit<LaneOf, "destination"> {
  /** When the attempt may begin: at once, or when the lane and its account open. */
  readonly startedAt: number;
  readonly laneFailures: number;
  readonly accountFailures: number;
  /** Why the lane, or the account, is parked; the attempt then is its probe. */
  readonly laneParked: Reason | null;
  readonly accountParked: Reason | null;
  readonly owner: string;
}

/** A delivery that a bridge has taken, with what it needs to be made. */
export interface Claim extends Reservation {
  readonly delivery: string;
  readonly event: StoredEvent & { readonly changes: readonly Change[] };
  readonly destination: string;
  readonly route: string;
  readonly template: string | null;
  readonly form: DeliveryForm;
  readonly createdAt: number;
  /** When its event was received; for a replay, when it was asked for. */
  readonly acceptedAt: number;
  /** From 1. */
  readonly attempt: number;
  /** How many places it takes: more than one when its payload is large. */
  readonly places: number;
  /**
   * When the first attempt began that may have posted the message, because it ended in `unknown` or its bridge died;
   * `null` when there is none.
   */
  readonly doubtfulSince: number | null;
  /** When the last of these attempts ended, or by when it had if its bridge died during it; `null` when there is none. */
  readonly doubtfulUntil: number | null;
}

/** A claim that ends, and with what. */
export interface EndedClaim {
  readonly claim: Claim;
  readonly settlement: Settlement;
  readonly attempt: AttemptResult;
}

/** How an attempt went. */
export interface AttemptResult {
  readonly outcome: AttemptOutcome;
  readonly reason: Reason | null;
  readonly endedAt: number;
  /** The template that was rendered. */
  readonly template: string;
  /** Why the built-in rendering took its place. */
  readonly templateError: string | null;
  readonly reports: readonly Report[];
}

/** What an attempt is recorded as; `unmade` when the message could not be made and nothing was sent. */
export type AttemptOutcome = Outcome["kind"] | "unmade";
