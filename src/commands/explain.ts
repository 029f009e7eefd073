import type { Command } from "commander";
import { BridgeError } from "../core/error.ts";
import type { DeliveryAnswer, EventAnswer } from "./answers.ts";
import { type Client, type ClientOptions, clientFor, withBridge } from "./client.ts";
import { explanation } from "./explanation.ts";
import { print, printJson } from "./print.ts";

interface ExplainOptions extends ClientOptions {
  readonly json?: true;
}

/** `bellhop explain <event>`: what came in, what changed, which routes took it, and what became of each message. */
export function explain(program: Command): void {
  withBridge(program.command("explain"))
    .description("tell why a message did, or did not, appear")
    .argument(
      "<event>",
      "the id of an event or a delivery, as `bellhop events` and `deliveries` list them",
    )
    .option("--json", "print what the API answers")
    .action(async (id: string, options: ExplainOptions) => {
      const client = await clientFor(options);
      const event = await eventOf(client, id);
      if (options.json) printJson(event);
      else print(explanation(event, id).join("\n"));
    });
}

async function eventOf(client: Client, id: string): Promise<EventAnswer> {
  try {
    const event = id.startsWith("dlv_") ? await ownerOf(client, id) : id;
    return await client.get<EventAnswer>(`/api/events/${encodeURIComponent(event)}`);
  } catch (error) {
    if (!(error instanceof BridgeError) || error.code !== "not-found") throw error;
    const hint =
      "`bellhop events` and `bellhop deliveries` list the ids. What is older than `retention.deliveries` is gone.";
    throw new BridgeError(error.code, error.message, { hint, cause: error });
  }
}

async function ownerOf(client: Client, delivery: string): Promise<string> {
  const path = `/api/deliveries/${encodeURIComponent(delivery)}`;
  return (await client.get<DeliveryAnswer>(path)).event;
}
