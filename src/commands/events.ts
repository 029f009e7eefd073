import { type Command, Option } from "commander";
import type { EventAnswer } from "./answers.ts";
import { type ClientOptions, clientFor, withBridge } from "./client.ts";
import { clock } from "./moment.ts";
import { type PageOptions, sinceTime, withPage } from "./page-options.ts";
import { print, printJson, safe, styled, table } from "./print.ts";

interface EventsOptions extends ClientOptions, PageOptions {
  readonly status?: string;
  readonly source?: string;
  readonly subject?: string;
  readonly until?: string;
  readonly json?: true;
}

const STATUSES = ["stored", "sent", "unchanged", "stale", "unrouted", "quarantined"];

/** `bellhop events`: what came in, the newest first. */
export function events(program: Command): void {
  withPage(withBridge(program.command("events")))
    .description("list what came in, the newest first")
    .addOption(new Option("--status <status>", "only with this status").choices(STATUSES))
    .option("--source <name>", "only from this source")
    .option("--subject <id>", "only about this customer (the vendor's id)")
    .option("--until <time>", "only before a time (UTC), or a span back", sinceTime)
    .option("--json", "print what the API answers")
    .action(async (options: EventsOptions) => {
      const client = await clientFor(options);
      const { status, source, subject, since, until, limit, cursor } = options;
      const query = { status, source, subject, since, until, limit, cursor };
      const answer = await client.get<{ events: EventAnswer[]; next: string | null }>(
        "/api/events",
        query,
      );
      if (options.json) return printJson(answer);
      if (answer.events.length === 0) return print("No events.");
      const header = ["RECEIVED (UTC)", "EVENT", "STATUS", "CUSTOMER", "WHAT"];
      const rows = answer.events.map((event) => [
        clock(event.received),
        event.id,
        event.status,
        safe(event.customer?.label ?? "-"),
        safe(what(event)),
      ]);
      const [first = "", ...rest] = table([header, ...rows]);
      print([styled("bold", first), ...rest].join("\n"));
      if (answer.next !== null) print(`More: add --cursor ${answer.next}`);
    });
}

function what(event: EventAnswer): string {
  if (event.error !== null) return event.error.text;
  const [first, ...rest] = event.changes;
  if (first === undefined) return event.type;
  return rest.length === 0 ? first.summary : `${first.summary} (+${rest.length})`;
}
