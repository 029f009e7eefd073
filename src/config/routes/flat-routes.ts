import type { Path } from "../yaml/path.ts";
import { type Written, type WrittenRoute, writtenRoutes } from "./written-routes.ts";

/** A route that sends, with all that it has from the groups around it; nothing of it need be valid. */
export interface FlatRoute extends Omit<WrittenRoute, "level" | "isGroup" | "send"> {
  /** The destinations that it sends to, inherited ones included; empty where none are written. */
  readonly send: readonly Sent[];
}

/** A name in `send`, and where it stands. */
export interface Sent {
  readonly name: unknown;
  readonly path: Path;
}

/** The routes of a config that send, groups left out, in the order in which events are held against them. */
export function flatRoutes(value: unknown): readonly FlatRoute[] {
  return writtenRoutes(value)
    .filter((route) => !route.isGroup)
    .map(({ path, name, matches, whens, send, template, stop, groupStops }) => ({
      path,
      name,
      matches,
      whens,
      send: sentBy(send),
      template,
      stop,
      groupStops,
    }));
}

/** The names in a `send`, which is one of them or a list. */
export function sentBy(send: Written | undefined): readonly Sent[] {
  if (send === undefined) return [];
  if (!Array.isArray(send.value)) return [{ name: send.value, path: send.path }];
  return send.value.map((name: unknown, index) => ({ name, path: [...send.path, index] }));
}
