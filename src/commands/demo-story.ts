import { randomBytes, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Bridge, startBridge } from "../bridge.ts";
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { BridgeError } from "../core/error.ts";
import { PACKAGE_FOLDER } from "../package-folder.ts";
import type { SandboxMessage } from "../sandbox/message.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { cardWidth, renderCard } from "../sandbox/terminal/card.ts";
import { sideBySide } from "../sandbox/terminal/side-by-side.ts";
import type { Source } from "../sources/source.ts";
import { columns, hasColor, print, styled } from "./print.ts";
import { post, type WebhookAnswer } from "./send.ts";

/** Starts a sandbox and a bridge in a folder of their own, and lets the story happen. Rejects when a message is lost. */
export async function runDemo(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-demo-"));
  const keep = removeOnSignal(folder);
  const sandbox = await startSandbox();
  try {
    const config = await demoConfig(folder, sandbox);
    const bridge = await startBridge(config, { log: SILENT });
    try {
      await run(bridge, config, sandbox);
    } finally {
      await bridge.stop();
    }
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
    keep();
  }
}

/** Removes the folder and ends, should the demo be interrupted; gives back what ends that. */
function removeOnSignal(folder: string): () => void {
  const end = (signal: NodeJS.Signals) => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(128 + constants.signals[signal]);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, end);
  return () => signals.forEach((signal) => process.off(signal, end));
}

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
const SAMPLES = new URL("samples/", PACKAGE_FOLDER);

/** Works in a folder of its own, so that the store of one demo never meets another's. */
async function demoConfig(folder: string, sandbox: Sandbox): Promise<Config> {
  const file = join(folder, "config.yaml");
  await copyFile(fileURLToPath(new URL("demo.yaml", SAMPLES)), file);
  return loadConfig(file, {
    DEMO_POLAR_SECRET: `whsec_${randomBytes(32).toString("base64")}`,
    DEMO_PLAIN_SECRET: randomBytes(24).toString("hex"),
    DEMO_SLACK_API: sandbox.slackApiUrl,
    DEMO_DISCORD_API: sandbox.discordApiUrl,
    DEMO_SLACK_WEBHOOK: sandbox.slackWebhook("support"),
    DEMO_DISCORD_WEBHOOK: sandbox.discordWebhook("community"),
  });
}

interface Step {
  readonly story: string;
  readonly source: string;
  readonly sample: string;
  /** `again` repeats the webhook before it, id and all; `forged` is signed with another secret. */
  readonly trick?: "again" | "forged";
}

const STEPS: readonly Step[] = [
  { story: "A customer signs up", source: "polar", sample: "polar/created.json" },
  { story: "She subscribes", source: "polar", sample: "polar/subscribed.json" },
  {
    story: "Polar sends the same webhook again",
    source: "polar",
    sample: "polar/subscribed.json",
    trick: "again",
  },
  {
    story: "Somebody forges a webhook",
    source: "polar",
    sample: "polar/plan-changed.json",
    trick: "forged",
  },
  {
    story: "She cancels for the period's end",
    source: "polar",
    sample: "polar/cancellation-scheduled.json",
  },
  {
    story: "She changes her mind, and upgrades",
    source: "polar",
    sample: "polar/plan-changed.json",
  },
  {
    story: "A state from before arrives late",
    source: "polar",
    sample: "polar/cancellation-scheduled.json",
  },
  { story: "Polar reports a payment", source: "polar", sample: "polar/order-paid.json" },
  {
    story: "Support puts a customer into a group",
    source: "plain",
    sample: "plain/group-added.json",
  },
  {
    story: "Support takes a customer out of a group",
    source: "plain",
    sample: "plain/group-removed.json",
  },
];

async function run(bridge: Bridge, config: Config, sandbox: Sandbox): Promise<void> {
  print(
    `Bellhop listens at ${bridge.url}, and the sandbox stands in for Slack and Discord at ${sandbox.url}.\nThe webhooks below are signed as Polar and Plain sign theirs, and sent over HTTP.\n`,
  );
  const dropped = new Map<string, number>();
  let lastId = "";
  for (const step of STEPS) {
    const source = sourceOf(config, step.source);
    lastId = step.trick === "again" ? lastId : randomUUID();
    const before = sandbox.messages.length;
    const answer = await deliver(bridge, source, step, lastId);
    await bridge.idle();
    const why = await whyDropped(bridge, answer);
    if (why !== undefined) dropped.set(why, (dropped.get(why) ?? 0) + 1);
    print(
      `${styled("bold", `▶ ${step.story}`)}\n  ${step.sample} → ${answer.status} ${told(answer, why)}`,
    );
    show(sandbox.messages.slice(before));
  }
  await conclude(bridge, sandbox, dropped);
}

function sourceOf(config: Config, name: string): Source {
  const found = config.sources.find((one) => one.name === name);
  if (found === undefined)
    throw new BridgeError("demo-broken", `The demo has no source "${name}".`);
  return found;
}

async function deliver(
  bridge: Bridge,
  source: Source,
  step: Step,
  id: string,
): Promise<WebhookAnswer> {
  const now = new Date();
  const body = source.refresh(await readFile(new URL(step.sample, SAMPLES)), now);
  const signed = step.trick === "forged" ? { ...source, sign: forge(source) } : source;
  return post(bridge.url, { ...signed, name: source.name }, body, now, id);
}

/** Signs another body than the one that is sent, as somebody would who has seen an old webhook but not the secret. */
function forge(source: Source): Source["sign"] {
  return (body, now, id) => source.sign(body.slice(1), now, id);
}

/** Why nothing was posted; `undefined` when something was. */
async function whyDropped(bridge: Bridge, answer: WebhookAnswer): Promise<string | undefined> {
  if (answer.status === 401) return "bad signature";
  if (answer.body.status === "duplicate") return "duplicate";
  const event = await bridge.store.event(answer.body.id ?? "");
  if (event?.status === "stale") return "stale state";
  return event?.status === "sent" ? undefined : event?.status;
}

function told(answer: WebhookAnswer, why: string | undefined): string {
  const text = answer.body.status ?? "refused";
  return why === undefined ? text : `${text}; ${styled("yellow", `nothing is posted (${why})`)}`;
}

function show(messages: readonly SandboxMessage[]): void {
  const look = { width: cardWidth(columns()), color: hasColor() };
  const cardsOf = (platform: string) =>
    messages
      .filter((message) => message.platform === platform)
      .flatMap((message) => renderCard(message, look));
  const cards = sideBySide(cardsOf("slack"), cardsOf("discord"), columns());
  print(cards === "" ? "" : `${cards}\n`);
}

async function conclude(
  bridge: Bridge,
  sandbox: Sandbox,
  dropped: ReadonlyMap<string, number>,
): Promise<void> {
  const { items } = await bridge.store.deliveries({ limit: 500 });
  const undelivered = items.filter((delivery) => delivery.status !== "delivered");
  const count = (platform: string) =>
    sandbox.messages.filter((message) => message.platform === platform).length;
  const reasons = [...dropped].map(([why, times]) => `${times} ${why}`).join(", ");
  const total = [...dropped.values()].reduce((sum, times) => sum + times, 0);
  print(
    styled(
      "bold",
      `Posted ${sandbox.messages.length} messages (${count("slack")} to Slack, ${count("discord")} to Discord). Dropped ${total} of ${STEPS.length} webhooks: ${reasons}.`,
    ),
  );
  if (undelivered.length > 0 || sandbox.refused.length > 0)
    throw new BridgeError(
      "demo-failed",
      `${undelivered.length} messages were not delivered, and the sandbox refused ${sandbox.refused.length} requests.`,
    );
}
