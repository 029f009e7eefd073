/** What `bellhop init` writes a config for. */
export interface Plan {
  /** At least one; the names differ. */
  readonly sources: readonly PlannedSource[];
  /** At least one; the names differ. */
  readonly destinations: readonly PlannedDestination[];
  /** Whether the destinations are the sandbox's, so that no account is needed. */
  readonly isSandbox: boolean;
}

/** A source to set up. */
export interface PlannedSource {
  /** Its name in the config. */
  readonly name: string;
  readonly type: string;
}

/** A destination to set up. */
export interface PlannedDestination {
  /** Its name in the config. */
  readonly name: string;
  readonly type: string;
  readonly via: Via;
  /** A bot's channel; `null` when a variable is to hold it, and for webhooks. */
  readonly channel: string | null;
}

/** How messages are posted. */
export type Via = (typeof WAYS)[number];

/** The ways to post; the first is taken unless another is asked for. */
export const WAYS = ["bot", "webhook"] as const;

/** The name of a variable for a part of the config: `sales` of type `slack` and `CHANNEL` make `SLACK_SALES_CHANNEL`. */
export function variableName({ name, type }: PlannedSource, ending: string): string {
  // The type comes first, since names may begin with a digit and variables may not.
  const others = name.split("-").filter((word) => word !== type);
  return [type, ...others, ending].join("_").toUpperCase();
}
