import type { Change } from "../../core/change.ts";
import { byWeight, change } from "../../core/change.ts";
import type { SourceEvent } from "../../core/event.ts";
import { listDifference } from "../list-difference.ts";
import { received } from "../received.ts";
import type { Comparison } from "../source.ts";
import { actorOf, isTelling } from "./actor.ts";
import type { PlainConfig } from "./config.ts";
import { membershipsOf } from "./memberships.ts";
import type { Membership } from "./schema.ts";
import { MEMBERSHIPS_CHANGED } from "./schema.ts";

/**
 * What a Plain event changed. Groups come as full lists before and after, so it is their difference that counts
 * and not what `changeType` says; events of other types are told as received.
 * Throws a `PayloadError` when memberships are of no shape that Plain has sent.
 */
export function compare(event: SourceEvent, { names }: PlainConfig): Comparison {
  if (event.type !== MEMBERSHIPS_CHANGED)
    return { isStale: false, changes: [received(afterDot(event.type))] };
  const { before, after } = membershipsOf(event.payload);
  const groups = listDifference(before, after, ({ group }) => group.id);
  const changes = [
    ...groups.added.map((membership) => added(membership, names)),
    ...groups.removed.map((membership) => removed(membership)),
  ];
  return { isStale: false, changes: byWeight(changes) };
}

/** Plain's types say all in their last part: `thread.note_created`, `customer.customer_created`. */
function afterDot(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}

function added({ group, createdBy }: Membership, names: PlainConfig["names"]): Change {
  const actor = createdBy === null ? null : actorOf(createdBy, names);
  const by = actor !== null && isTelling(actor) ? ` by ${actor.label}` : "";
  return change({
    kind: "group.added",
    tone: "info",
    summary: `Added to the group ${group.name}${by}.`,
    group,
    actor,
  });
}

/** Nobody is named, because Plain does not say who removed a membership. */
function removed({ group }: Membership): Change {
  return change({
    kind: "group.removed",
    tone: "info",
    summary: `Removed from the group ${group.name}.`,
    group,
  });
}
