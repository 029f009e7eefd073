import type { DestinationType, Platform } from "./destination.ts";
import { discord } from "./discord/index.ts";
import { slack } from "./slack/index.ts";

/** The types of destination, by the value of `type` in the config. */
export const DESTINATION_TYPES = { slack, discord } as const satisfies Record<
  Platform,
  DestinationType
>;
