import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { listenError } from "../core/listen-error.ts";
import type { Rehearsal } from "../sandbox/faults-file.ts";
import type { Refusal } from "../sandbox/message.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { usageError } from "./failure.ts";
import { columns, hasColor, print, safe, styled } from "./print.ts";
import { SANDBOX_PORT } from "./sandbox-port.ts";
import { untilSignal } from "./signal.ts";

interface SandboxOptions {
  readonly port: string;
  readonly faults?: string;
  readonly rateLimits: keyof typeof RATE_LIMITS;
}

const RATE_LIMITS = { strict: "strict", on: true, off: false } as const;

/** How many messages are remembered, for whoever reads or edits one; ours. */
const KEEP = 10_000;

/** How long a line that comes again is held back, in milliseconds; ours. */
const FOLD_MS = 2_000;

/** `bellhop sandbox`: the local stand-in for Slack and Discord alone. */
export function sandbox(program: Command): void {
  program
    .command("sandbox")
    .description("run a local stand-in for Slack and Discord, and show what is posted to it")
    .option("--port <port>", "the port to listen on; 0 for any free one", String(SANDBOX_PORT))
    .option("--faults <file>", "a YAML file that says what goes wrong, and when")
    .addOption(
      new Option("--rate-limits <limits>", "how soon a caller is too fast")
        .choices(Object.keys(RATE_LIMITS))
        .default("on"),
    )
    .action(async (options: SandboxOptions) => {
      const port = Number(options.port);
      if (!Number.isInteger(port) || port < 0 || port > 65_535)
        throw usageError(`--port must be a whole number from 0 to 65535, not "${options.port}".`);
      const rehearsal = await rehearsalIn(options.faults);
      const { startSandbox } = await import("../sandbox/sandbox.ts");
      const rateLimits = RATE_LIMITS[options.rateLimits];
      const running = await startSandbox({ port, rateLimits, keep: KEEP }).catch(
        (error: unknown) => {
          throw listenError(error, { host: "127.0.0.1", port });
        },
      );
      const told = await show(running);
      print(`The sandbox stands in for Slack and Discord at ${running.url}.
Save this as config.yaml, start \`bellhop serve\` beside it, and send a sample with \`bellhop send\`:

${configFor(running)}
What is posted shows here, and what is refused with the reason. Stop it with Ctrl-C.
`);
      await rehearse(running, rehearsal);
      await running.close();
      print(`\n${told().join("\n")}`);
    });
}

async function rehearsalIn(file: string | undefined): Promise<Rehearsal> {
  if (file === undefined) return { rules: [], outages: [] };
  const { readFaults } = await import("./faults-file.ts");
  return readFaults(resolve(file), process.env);
}

/** Shows what happens from now on; gives back what tells the figures of it. */
async function show(running: Sandbox): Promise<() => string[]> {
  const [{ cardWidth, renderCard }, { Fold }, { faultLine }, { tally }] = await Promise.all([
    import("../sandbox/terminal/card.ts"),
    import("./fold.ts"),
    import("./fault-words.ts"),
    import("./sandbox-tally.ts"),
  ]);
  const told = tally(running);
  const fold = new Fold(print, FOLD_MS);
  running.onMessage((message) => {
    const look = { width: cardWidth(columns()), color: hasColor() };
    print(`${renderCard(message, look).join("\n")}\n`);
  });
  running.onRefused((refusal) => fold.say(described(refusal).join("\n")));
  running.onFault((given) => fold.say(styled("yellow", faultLine(given))));
  return () => {
    fold.flush();
    return told();
  };
}

/** Lets happen what the file says, until a signal. */
async function rehearse(running: Sandbox, { rules, outages }: Rehearsal): Promise<void> {
  for (const rule of rules) running.fault(rule);
  const end = new AbortController();
  const ending = untilSignal().then(() => end.abort());
  const { runOutages } = await import("../sandbox/outages.ts");
  await runOutages(running, outages, { signal: end.signal, told: tellTurn });
  await ending;
}

function tellTurn(isDown: boolean): void {
  print(styled("yellow", isDown ? "⚡ The port is closed." : "⚡ The port is open again."));
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
