import { type Command, Option } from "commander";
import type { DeliveryAnswer } from "./answers.ts";
import { type ClientOptions, clientFor, withBridge } from "./client.ts";
import { clock } from "./moment.ts";
import { type PageOptions, withPage } from "./page-options.ts";
import { print, printJson, safe, styled, table } from "./print.ts";

interface DeliveriesOptions extends ClientOptions, PageOptions {
  readonly status?: string;
  readonly destination?: string;
  readonly event?: string;
  readonly json?: true;
}

const STATUSES = ["pending", "sending", "delivered", "unknown", "parked", "dead"];

/** `bellhop deliveries`: what went out or waits, the newest first. */
export function deliveries(program: Command): void {
  withPage(withBridge(program.command("deliveries")))
    .description("list what went out or waits, the newest first")
    .addOption(new Option("--status <status>", "only with this status").choices(STATUSES))
    .option("--destination <name>", "only to this destination")
    .option("--event <id>", "only of this event")
    .option("--json", "print what the API answers")
    .action(async (options: DeliveriesOptions) => {
      const client = await clientFor(options);
      const { status, destination, event, since, limit, cursor } = options;
      const answer = await client.get<{ deliveries: DeliveryAnswer[]; next: string | null }>(
        "/api/deliveries",
        { status, destination, event, since, limit, cursor },
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
        safe(delivery.last_error?.text ?? delivery.message?.url ?? ""),
      ]);
      const [first = "", ...rest] = table([header, ...rows]);
      print([styled("bold", first), ...rest].join("\n"));
      if (answer.next !== null) print(`More: add --cursor ${answer.next}`);
    });
}
