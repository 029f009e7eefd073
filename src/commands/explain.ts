import type { Command } from "commander";
import type { AttemptAnswer, DeliveryAnswer, EventAnswer } from "./answers.ts";
import { type ClientOptions, clientFor, withBridge } from "./client.ts";
import { describeChanges, describeRoutes } from "./describe.ts";
import { clock } from "./moment.ts";
import { print, printJson, safe, styled, table } from "./print.ts";

interface ExplainOptions extends ClientOptions {
  readonly json?: true;
}

/** `bellhop explain <event>`: what came in, what changed, which routes took it, and what became of each message. */
export function explain(program: Command): void {
  withBridge(program.command("explain"))
    .description("tell why a message did, or did not, appear")
    .argument("<event>", "the event's id, as `bellhop events` lists it")
    .option("--json", "print what the API answers")
    .action(async (id: string, options: ExplainOptions) => {
      const client = await clientFor(options);
      const event = await client.get<EventAnswer>(`/api/events/${encodeURIComponent(id)}`);
      if (options.json) printJson(event);
      else print(explanation(event).join("\n"));
    });
}

function explanation(event: EventAnswer): string[] {
  const lines = [
    `${styled("bold", event.id)}  ${event.type} from ${event.source}`,
    ...table([
      ["  happened", event.time === null ? "-" : `${clock(event.time)} UTC`],
      ["  received", `${clock(event.received)} UTC`],
      ["  customer", safe(event.customer?.label ?? "-")],
      ["  status", `${event.status}: ${MEANINGS.get(event.status) ?? ""}`],
      ...(event.payload_pruned === null
        ? []
        : [["  payload", `pruned at ${clock(event.payload_pruned)} UTC; it cannot be replayed`]]),
    ]),
  ];
  if (event.error !== null) lines.push(`  because: ${safe(event.error.text)}`);
  if (event.changes.length > 0)
    lines.push("", styled("bold", "Changes"), ...describeChanges(event.changes));
  if (event.routes.length > 0)
    lines.push(
      "",
      styled("bold", `Routes (config ${event.revision})`),
      ...describeRoutes(event.routes),
    );
  if (event.deliveries.length > 0) lines.push("", styled("bold", "Deliveries"));
  for (const delivery of event.deliveries) lines.push(...describeDelivery(delivery));
  return lines;
}

const MEANINGS = new Map([
  ["stored", "accepted, and not processed yet"],
  ["sent", "at least one route took it"],
  ["unchanged", "it says nothing new about the customer, so nothing is posted"],
  ["stale", "it is not newer than what was known of the customer, so nothing is posted"],
  ["unrouted", "no route takes it"],
  ["quarantined", "it is authentic but could not be read, and is kept for a replay"],
]);

function describeDelivery(delivery: DeliveryAnswer): string[] {
  const count = `${delivery.attempts} attempt${delivery.attempts === 1 ? "" : "s"}`;
  const next =
    delivery.next_attempt === null ? "" : `, next at ${clock(delivery.next_attempt)} UTC`;
  const lines = [
    `  ${delivery.destination}: ${styled("bold", delivery.status)} (route "${safe(delivery.route)}", template ${delivery.template ?? "default"}, ${count}${next})`,
  ];
  if (delivery.replay_of !== null) lines.push(`    a replay of ${delivery.replay_of}`);
  if (delivery.message !== null) lines.push(`    ${reference(delivery.message)}`);
  return [...lines, ...(delivery.history ?? []).map(describeAttempt)];
}

function reference(message: NonNullable<DeliveryAnswer["message"]>): string {
  if (message.url !== null) return message.url;
  const { channel, id } = message.ref;
  if (id === null) return "posted; the platform does not say where";
  return channel === null ? `message ${id}` : `message ${id} in ${channel}`;
}

function describeAttempt(attempt: AttemptAnswer): string {
  const outcome = attempt.outcome ?? "under way, or cut off when the bridge stopped";
  const why = attempt.reason === null ? "" : `: ${safe(attempt.reason.text)}`;
  const template =
    attempt.template_error === null ? "" : ` (template failed: ${safe(attempt.template_error)})`;
  return `    ${attempt.number}. ${clock(attempt.started)} UTC  ${outcome}${why}${template}`;
}
