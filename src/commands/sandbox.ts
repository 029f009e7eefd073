import type { Command } from "commander";
import type { Refusal } from "../sandbox/message.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { listenError } from "../core/listen-error.ts";
import { usageError } from "./failure.ts";
import { columns, hasColor, print, safe, styled } from "./print.ts";
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
      const running = await startSandbox({ port }).catch((error: unknown) => {
        throw listenError(error, { host: "127.0.0.1", port });
      });
      print(`The sandbox stands in for Slack and Discord at ${running.url}.
Save this as config.yaml, start \`bellhop serve\` beside it, and send a sample with \`bellhop send\`:

${configFor(running)}
What is posted shows here, and what is refused with the reason. Stop it with Ctrl-C.
`);
      running.onMessage((message) => {
        const look = { width: cardWidth(columns()), color: hasColor() };
        print(`${renderCard(message, look).join("\n")}\n`);
      });
      running.onRefused((refusal) => print(`${described(refusal).join("\n")}\n`));
      await untilSignal();
      await running.close();
    });
}

/** A whole config, with the names of `config.example.yaml`, so that routes from there work with it. */
function configFor(running: Sandbox): string {
  return `sources:
  polar: { type: polar, secrets: [sandbox] }
  plain: { type: plain, secrets: [sandbox] }
destinations:
  sales: { type: slack, token: xoxb-sandbox, channel: C024BE91L, api_url: "${running.slackApiUrl}" }
  success: { type: discord, token: sandbox, channel: "1099414111111111111", api_url: "${running.discordApiUrl}" }
  ops: { type: slack, webhook: "${running.slackWebhook("ops")}" }
routes:
  - match: { event: "customer.*" }
    send: [sales, success]
operator: { send: ops }
`;
}

function described(refusal: Refusal): string[] {
  const platform = refusal.platform === "slack" ? "Slack" : "Discord";
  const where = refusal.channel === null ? "" : ` to ${safe(refusal.channel)}`;
  const what = `✗ ${platform} refused ${safe(refusal.call)}${where}: ${safe(refusal.code)}`;
  return [what, ...refusal.details.map((detail) => `    ${safe(detail)}`)].map((line) =>
    styled("red", line),
  );
}
