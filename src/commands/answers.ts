import type { Change } from "../core/change.ts";
import type { Customer } from "../core/event.ts";
import type { Reason } from "../core/outcome.ts";
import type { RouteVerdict } from "../core/rulebook.ts";

/** An event as the API answers it. */
export interface EventAnswer {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string | null;
  readonly received: string;
  readonly customer: Customer | null;
  readonly status: string;
  readonly changes: readonly Change[];
  readonly routes: readonly RouteVerdict[];
  readonly deliveries: readonly DeliveryAnswer[];
  readonly error: Reason | null;
  readonly revision: string | null;
  /** When its payload was pruned. */
  readonly payload_pruned: string | null;
  /** How often its webhook came again after the first time, and when that last was. */
  readonly duplicates: number;
  readonly last_duplicate: string | null;
}

/** A delivery as the API answers it; `history` only where one event is asked for. */
export interface DeliveryAnswer {
  readonly id: string;
  readonly event: string;
  readonly route: string;
  readonly destination: string;
  readonly template: string | null;
  readonly status: string;
  readonly attempts: number;
  readonly created: string;
  readonly next_attempt: string | null;
  readonly last_error: Reason | null;
  readonly replay_of: string | null;
  readonly message: {
    readonly ref: { readonly channel: string | null; readonly id: string | null };
    readonly url: string | null;
  } | null;
  readonly history?: readonly AttemptAnswer[];
}

/** An attempt as the API answers it. */
export interface AttemptAnswer {
  readonly number: number;
  readonly started: string;
  readonly ended: string | null;
  readonly outcome: string | null;
  readonly reason: Reason | null;
  readonly template_error: string | null;
}
