import { type Command, Option } from "commander";
import type { DeliveryAnswer } from "./answers.ts";
import { type ClientOptions, clientFor, withBridge } from "./client.ts";
import { clock } from "./moment.ts";
import { type PageOptions, sinceTime, withPage } from "./page-options.ts";
import { print, printJson, safe, styled, table } from "./print.ts";

interface DeliveriesOptions extends ClientOptions, PageOptions {
  readonly status?: string;
  readonly destination?: string;
  readonly route?: string;
  readonly event?: string;
  readonly until?: string;
  readonly error?: string;
  readonly json?: true;
}

const STATUSES = ["pending", "sending", "delivered", "unknown", "parked", "dead"];

/** `bellhop deliveries`: what went out or waits, the newest first. */
export function deliveries(program: Command): void {
  withPage(withBridge(program.command("deliveries")))
    .description("list what went out or waits, the newest first")
    .addOption(new Option("--status <status>", "only with this status").choices(STATUSES))
    .option("--destination <name>", "only to this destination")
    .option("--route <name>", "only of this route")
    .option("--event <id>", "only of this event")
    .option("--error <text>", "only with this text in the last error: its code, or a part of it")
    .option("--until <time>", "only before a time (UTC), or a span back", sinceTime)
    .option("--json", "print what the API answers")
    .action(async (options: DeliveriesOptions) => {
      const client = await clientFor(options);
      const { status, destination, route, event, error, since, until, limit, cursor } = options;
      const query = { status, destination, route, event, error, since, until, limit, cursor };
      const answer = await client.get<{ deliveries: DeliveryAnswer[]; next: string | null }>(
        "/api/deliveries",
        query,
      );
      if (options.json) return printJson(answer);
      if (answer.deliveries.length === 0) return print("No deliveries.");
      const header = [
        "CREATED (UTC)",
        "DELIVERY",
        "STATUS",
        "TRIES",
        "DESTINATION",
        "ROUTE",
        "WHY",
      ];
      const rows = answer.deliveries.map((delivery) => [
        clock(delivery.created),
        delivery.id,
        delivery.status,
        String(delivery.attempts),
        delivery.destination,
        safe(delivery.route),
        safe(why(delivery)),
      ]);
      const [first = "", ...rest] = table([header, ...rows]);
      print([styled("bold", first), ...rest].join("\n"));
      if (answer.next !== null) print(`More: add --cursor ${answer.next}`);
    });
}

function why({ last_error: error, message }: DeliveryAnswer): string {
  return error === null ? (message?.url ?? "") : `${error.text} (${error.code})`;
}
