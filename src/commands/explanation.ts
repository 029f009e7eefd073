import type { AttemptAnswer, DeliveryAnswer, EventAnswer } from "./answers.ts";
import { describeChanges, describeRoutes } from "./describe.ts";
import { clock } from "./moment.ts";
import { safe, styled, table } from "./print.ts";

/**
 * An event as lines: what came in, what changed, each route's verdict, and each delivery with its attempts and what
 * can be done about it. The delivery of the id `asked` is marked.
 */
export function explanation(event: EventAnswer, asked: string): string[] {
  const lines = [
    `${styled("bold", event.id)}  ${safe(event.type)} from ${event.source}`,
    ...table(headRows(event)),
  ];
  if (event.error !== null) lines.push(`  because: ${safe(event.error.text)}`);
  lines.push(...stepsFor(event).map((step) => `  → ${step}`));
  if (event.changes.length > 0)
    lines.push("", styled("bold", "Changes"), ...describeChanges(event.changes));
  if (event.routes.length > 0)
    lines.push(
      "",
      styled("bold", `Routes (config ${event.revision})`),
      ...describeRoutes(event.routes),
    );
  if (event.deliveries.length > 0) lines.push("", styled("bold", "Deliveries"));
  for (const delivery of event.deliveries)
    lines.push(...describeDelivery(delivery, event, asked).map((line) => `  ${line}`));
  return lines;
}

function headRows(event: EventAnswer): string[][] {
  const { time, received, customer, status, payload_pruned: pruned } = event;
  return [
    ["  happened", time === null ? "-" : `${clock(time)} UTC`],
    ["  received", `${clock(received)} UTC`],
    ...againRows(event),
    ["  customer", safe(customer?.label ?? "-")],
    ["  status", `${status}: ${meaningOf(event)}`],
    ...(pruned === null
      ? []
      : [["  payload", `pruned at ${clock(pruned)} UTC; it cannot be replayed`]]),
  ];
}

/** The same webhook, sent again by the vendor: it is answered as the first was, and nothing else happens. */
function againRows({ duplicates, last_duplicate: last }: EventAnswer): string[][] {
  if (last === null) return [];
  const often = duplicates === 1 ? "once more" : `${duplicates} times more`;
  return [["  again", `it came ${often}, last at ${clock(last)} UTC, and was not told again`]];
}

function meaningOf({ status, deliveries }: EventAnswer): string {
  if (status !== "sent") return MEANINGS.get(status) ?? "";
  if (deliveries.length === 0) return "a route took it, but there was nowhere to send it";
  const replayed = new Set(deliveries.map((one) => one.replay_of));
  const latest = deliveries.filter((one) => !replayed.has(one.id));
  return `to ${latest.map((one) => `${one.destination} (${one.status})`).join(", ")}`;
}

const MEANINGS = new Map([
  ["stored", "accepted, and not processed yet"],
  ["unchanged", "it says nothing new about the customer, so nothing is posted"],
  ["stale", "it is not newer than what was known of the customer, so nothing is posted"],
  ["unrouted", "no route takes it, so nothing is posted"],
  ["quarantined", "it is authentic but could not be read, and is kept for a replay"],
]);

function stepsFor({ id, status, error, payload_pruned: pruned }: EventAnswer): string[] {
  if (status === "unrouted" && pruned === null)
    return [
      `After a change of the routes, \`bellhop preview --event ${id}\` shows what they make of it.`,
    ];
  if (status !== "quarantined") return [];
  if (error?.code === "source-unknown")
    return [`Once the config has the source again, \`bellhop replay ${id}\` has it processed.`];
  return [
    `Once it can be read, after an upgrade for instance, \`bellhop replay ${id}\` has it processed.`,
  ];
}

function describeDelivery(delivery: DeliveryAnswer, event: EventAnswer, asked: string): string[] {
  const { id, destination, status, route, template, last_error: error, message } = delivery;
  const history = delivery.history ?? [];
  const isBehind = status === "parked" && history.length === 0;
  const count = `${delivery.attempts} attempt${delivery.attempts === 1 ? "" : "s"}`;
  const next =
    delivery.next_attempt === null || isBehind
      ? ""
      : `, next at ${clock(delivery.next_attempt)} UTC`;
  const mark = id === asked ? "  ← this one" : "";
  const replays = event.deliveries.filter((one) => one.replay_of === id).map((one) => one.id);
  const lines = [
    `${id} to ${destination}: ${styled("bold", status)} (route "${safe(route)}", template ${template ?? "default"}, ${count}${next})${mark}`,
  ];
  if (delivery.replay_of !== null) lines.push(`  a replay of ${delivery.replay_of}`);
  if (message !== null) lines.push(`  ${reference(message)}`);
  lines.push(...history.map((attempt) => `  ${describeAttempt(attempt)}`));
  // What waits behind another, or waited too long, has a reason that is no attempt's.
  if (error !== null && history.at(-1)?.reason?.text !== error.text)
    lines.push(
      `  ${isBehind ? "behind another that waits, " : ""}because: ${safe(error.text)} (${safe(error.code)})`,
    );
  if (replays.length > 0) lines.push(`  replayed as ${replays.join(", ")}`);
  else lines.push(...stepFor(delivery).map((step) => `  → ${step}`));
  return lines;
}

function reference({ ref, url }: NonNullable<DeliveryAnswer["message"]>): string {
  if (url !== null) return url;
  if (ref.id === null) return "posted; the platform does not say where";
  return ref.channel === null ? `message ${ref.id}` : `message ${ref.id} in ${ref.channel}`;
}

function describeAttempt(attempt: AttemptAnswer): string {
  const { number, started, reason, template_error: failed } = attempt;
  const outcome = attempt.outcome ?? "under way, or cut off when the bridge stopped";
  const why = reason === null ? "" : `: ${safe(reason.text)} (${safe(reason.code)})`;
  const template = failed === null ? "" : ` (template failed: ${safe(failed)})`;
  return `${number}. ${clock(started)} UTC  ${outcome}${why}${template}`;
}

/** What a person can do about a delivery that does not go on by itself. */
function stepFor({ id, destination, status }: DeliveryAnswer): string[] {
  switch (status) {
    case "parked":
      return [`Once that is mended, \`bellhop resume ${destination}\` tries it at once.`];
    case "dead":
      return [`Once that is mended, \`bellhop replay ${id}\` sends it again.`];
    case "unknown":
      return [
        `Look into the channel. If it is not there, \`bellhop replay ${id}\` posts it; else leave it.`,
      ];
    default:
      return [];
  }
}
