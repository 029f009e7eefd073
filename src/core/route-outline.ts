import type { JsonObject } from "./json.ts";

/** A route or group as people wrote it, for those who want to see the tree. */
export interface RouteOutline {
  readonly name: string;
  /** Its own conditions, references to the environment as written; `null` when it has none. */
  readonly match: JsonObject | null;
  /** Its own CEL condition. */
  readonly when: string | null;
  /** Names of destinations, its own or inherited; a group's are those that its routes inherit. */
  readonly send: readonly string[];
  readonly template: string | null;
  readonly stop: boolean;
  /** `null` for a route that sends; what a group holds otherwise. */
  readonly routes: readonly RouteOutline[] | null;
}
