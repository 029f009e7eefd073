import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { Source } from "../sources/source.ts";
import { ask, bridgeAddress } from "./bridge-answer.ts";
import { bridgeUrl } from "./client.ts";
import { type ConfigOption, readConfig, withConfig } from "./options.ts";
import { readPayload, sourceFor } from "./payload-file.ts";
import { print, printJson } from "./print.ts";

interface SendOptions extends ConfigOption {
  readonly url?: string;
  readonly source?: string;
  readonly id?: string;
  readonly asIs?: true;
  readonly json?: true;
}

/** `bellhop send <payload.json>`: signs a payload as its source would and posts it to a running bridge. */
export function send(program: Command): void {
  withConfig(program.command("send"))
    .description("sign a payload as its source would, and post it to a running bridge")
    .argument("<payload>", "a JSON file, or - for standard input")
    .option("--source <name>", "the source that it comes from (default: the one it looks like)")
    .option("--url <url>", "where the bridge runs (default: from the config)")
    .option(
      "--id <id>",
      "the webhook's id, where the source sends one in a header (default: a new one)",
    )
    .option(
      "--as-is",
      "leave the payload's attempt time as it is, even if it is too old to be taken",
    )
    .option("--json", "print what the bridge answers")
    .action(async (file: string, options: SendOptions) => {
      const given = options.url === undefined ? undefined : bridgeAddress(options.url);
      const config = await readConfig(options);
      const payload = await readPayload(file);
      const source = await sourceFor(payload, config.sources, options.source);
      const url = given ?? bridgeUrl(config.server);
      const now = new Date();
      const body = options.asIs ? payload : source.refresh(payload, now);
      const answer = await post(url, source, body, now, options.id ?? randomUUID());
      if (options.json) printJson(answer.body);
      else print(`${answer.status} ${describe(answer.body)}`);
      if (answer.status !== 202) process.exitCode = 1;
    });
}

/** What a bridge answered to a webhook. */
export interface WebhookAnswer {
  readonly status: number;
  readonly body: { readonly id?: string; readonly status?: string; readonly message?: string };
}

/** Signs a payload and posts it to the bridge at `url`. Rejects with a `BridgeError` when none answers. */
export async function post(
  url: string,
  source: Source,
  body: Uint8Array,
  now: Date,
  id: string,
): Promise<WebhookAnswer> {
  const headers = { "content-type": "application/json", ...source.sign(body, now, id) };
  const request = { method: "POST", headers, body: Buffer.from(body) };
  const answer = await ask(url, `/webhooks/${source.name}`, request);
  return { status: answer.response.status, body: answer.body };
}

function describe(body: WebhookAnswer["body"]): string {
  if (body.id === undefined) return body.message ?? "";
  return `${body.status} as ${body.id}`;
}
