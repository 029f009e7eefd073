import type { Command } from "commander";
import { usageError } from "./failure.ts";
import { columns, hasColor, print } from "./print.ts";
import { untilSignal } from "./signal.ts";

interface SandboxOptions {
  readonly port: string;
}

/** `bellhop sandbox`: the local stand-in for Slack and Discord alone. */
export function sandbox(program: Command): void {
  program
    .command("sandbox")
    .description("run a local stand-in for Slack and Discord, and show what is posted to it")
    .option("--port <port>", "the port to listen on; 0 for any free one", "8091")
    .action(async (options: SandboxOptions) => {
      const port = Number(options.port);
      if (!Number.isInteger(port) || port < 0 || port > 65_535)
        throw usageError(`--port must be a whole number from 0 to 65535, not "${options.port}".`);
      const [{ startSandbox }, { cardWidth, renderCard }] = await Promise.all([
        import("../sandbox/sandbox.ts"),
        import("../sandbox/terminal/card.ts"),
      ]);
      const running = await startSandbox({ port });
      print(`The sandbox stands in for Slack and Discord at ${running.url}. Put into config.yaml:

destinations:
  slack-bot:       { type: slack, token: xoxb-sandbox, channel: C0GENERAL, api_url: "${running.slackApiUrl}" }
  slack-webhook:   { type: slack, webhook: "${running.slackWebhook("general")}" }
  discord-bot:     { type: discord, token: sandbox, channel: "1099414111111111111", api_url: "${running.discordApiUrl}" }
  discord-webhook: { type: discord, webhook: "${running.discordWebhook("general")}" }

What is posted shows here. Stop it with Ctrl-C.
`);
      running.onMessage((message) => {
        const look = { width: cardWidth(columns()), color: hasColor() };
        print(`${renderCard(message, look).join("\n")}\n`);
      });
      await untilSignal();
      await running.close();
    });
}
