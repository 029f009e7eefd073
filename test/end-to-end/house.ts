import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Bridge, startBridge } from "../../src/bridge.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/config.ts";
import type { Log } from "../../src/pipeline/log.ts";
import type { SandboxMessage } from "../../src/sandbox/message.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/sandbox.ts";
import type { Source } from "../../src/sources/source.ts";
import { type FreshDatabase, freshStore } from "../postgres/database.ts";
import { DATABASE } from "../store/empty-store.ts";

/** A secret for each source, and the addresses of the sandbox, as the config's environment. */
const SECRETS = {
  POLAR_SECRET: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
  PLAIN_SECRET: "plainTestSecret_0123456789",
};

/** Both sources and all four kinds of destination. */
export const PARTIES = `
server: { port: 0 }
store: "\${STORE:-sqlite:./bellhop.db}"
sources:
  polar:
    type: polar
    secrets: ["\${POLAR_SECRET}"]
    organization: northwind
    names:
      products:
        d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23: Pro
        a4dc63dc-7c1a-4a43-9c54-0b55f6f4b0b9: Scale
      benefits:
        397a17aa-15cf-4cb4-9333-18040203cf98: License key
  plain:
    type: plain
    secrets: ["\${PLAIN_SECRET}"]
destinations:
  slack-bot: { type: slack, token: xoxb-test, channel: C024BE91L, api_url: "\${SLACK_API}" }
  slack-webhook: { type: slack, webhook: "\${SLACK_WEBHOOK}" }
  discord-bot: { type: discord, token: test, channel: "1099414111111111111", api_url: "\${DISCORD_API}" }
  discord-webhook: { type: discord, webhook: "\${DISCORD_WEBHOOK}" }
`;

/** A route that sends everything everywhere. */
export const EVERYWHERE = `
routes:
  - name: everything
    send: [slack-bot, slack-webhook, discord-bot, discord-webhook]
`;

/** A bridge and the sandbox that it posts to. */
export interface House {
  readonly bridge: Bridge;
  readonly sandbox: Sandbox;
  readonly config: Config;
  readonly log: readonly string[];
  readonly folder: string;
  /** Signs a body as the source would and posts it. */
  send(source: string, body: Uint8Array, more?: Partial<Sending>): Promise<Answer>;
  /** What was posted since the last call, by destination kind. */
  posted(): Record<
    "slack-bot" | "slack-webhook" | "discord-bot" | "discord-webhook",
    SandboxMessage[]
  >;
  close(): Promise<void>;
}

/** How a webhook is sent. */
export interface Sending {
  readonly id: string;
  readonly at: Date;
  readonly headers: Record<string, string>;
}

/** What the bridge answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly id?: string; readonly status?: string; readonly message?: string };
}

/** How a house is set up. */
export interface Plan {
  /** YAML; `PARTIES` and `EVERYWHERE` unless given. */
  readonly config?: string;
  /** File names under `templates/` with their text. */
  readonly templates?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; real time runs on from there. */
  readonly startAt?: number;
  /** Milliseconds by which the clock is ahead, asked at every look at it. */
  readonly ahead?: () => number;
  readonly sandbox?: SandboxOptions;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a sandbox, and a bridge that posts to it, in a folder of their own. */
export async function openHouse(plan: Plan = {}): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-house-"));
  const offset = plan.startAt === undefined ? 0 : plan.startAt - Date.now();
  const now = () => Date.now() + offset + (plan.ahead?.() ?? 0);
  const sandbox = await startSandbox({ now, rateLimits: false, ...plan.sandbox });
  const log: string[] = [];
  const config = await writeHouse(folder, sandbox, plan);
  const bridge = await startBridge(config, { log: memoryLog(log), now });
  let seen = 0;
  return {
    bridge,
    sandbox,
    config,
    log,
    folder,
    send: (source, body, more = {}) => {
      const at = more.at ?? new Date(now());
      return post(bridge.url, sourceOf(config, source), body, {
        id: randomUUID(),
        headers: {},
        ...more,
        at,
      });
    },
    posted: () => {
      const fresh = sandbox.messages.slice(seen);
      seen = sandbox.messages.length;
      const of = (platform: string, kind: string) =>
        fresh.filter((one) => one.platform === platform && one.kind === kind);
      return {
        "slack-bot": of("slack", "bot"),
        "slack-webhook": of("slack", "webhook"),
        "discord-bot": of("discord", "bot"),
        "discord-webhook": of("discord", "webhook"),
      };
    },
    close: async () => {
      await bridge.stop();
      await sandbox.close();
      await databases.get(sandbox)?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Where the bridges that post to a sandbox have their store, when the tests are run on PostgreSQL. */
const databases = new WeakMap<Sandbox, FreshDatabase>();

/** Writes config and templates into a folder, and reads them back checked; all configs for one sandbox have one database. */
export async function writeHouse(folder: string, sandbox: Sandbox, plan: Plan): Promise<Config> {
  if (DATABASE === "postgres" && !databases.has(sandbox))
    databases.set(sandbox, await freshStore());
  const file = join(folder, "config.yaml");
  await writeFile(file, plan.config ?? PARTIES + EVERYWHERE);
  for (const [name, text] of Object.entries(plan.templates ?? {})) {
    const template = join(folder, "templates", name);
    await mkdir(dirname(template), { recursive: true });
    await writeFile(template, text);
  }
  return loadConfig(file, { ...environment(sandbox), ...plan.env });
}

/** What the config's `${…}` stand for. */
export function environment(sandbox: Sandbox): Record<string, string> {
  const database = databases.get(sandbox);
  return {
    ...SECRETS,
    ...(database !== undefined && { STORE: database.url }),
    SLACK_API: sandbox.slackApiUrl,
    DISCORD_API: sandbox.discordApiUrl,
    SLACK_WEBHOOK: sandbox.slackWebhook("hooked"),
    DISCORD_WEBHOOK: sandbox.discordWebhook("hooked"),
  };
}

/** Signs and posts a body. */
export async function post(
  url: string,
  source: Source,
  body: Uint8Array,
  sending: Sending,
): Promise<Answer> {
  const response = await fetch(`${url}/webhooks/${source.name}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...source.sign(body, sending.at, sending.id),
      ...sending.headers,
    },
    body: Buffer.from(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer["body"],
  };
}

/** The configured source of that name. */
export function sourceOf(config: Config, name: string): Source {
  const found = config.sources.find((one) => one.name === name);
  if (found === undefined) throw new Error(`The test's config has no source ${name}.`);
  return found;
}

/** A sample payload's bytes. */
export function sample(name: string): Promise<Buffer> {
  return readFile(new URL(`../../samples/${name}.json`, import.meta.url));
}

/** A sample payload with texts in it exchanged, each of which must occur. */
export async function exchanged(
  name: string,
  texts: Readonly<Record<string, string>>,
): Promise<Buffer> {
  let json = (await sample(name)).toString();
  for (const [from, to] of Object.entries(texts)) {
    const quoted = JSON.stringify(from);
    if (!json.includes(quoted)) throw new Error(`The sample ${name} does not hold ${quoted}.`);
    json = json.replaceAll(quoted, JSON.stringify(to));
  }
  return Buffer.from(json);
}

/** A log that keeps its lines, each with its level, its message and its fields. */
export function memoryLog(lines: string[]): Log {
  const write = (level: string) => (fields: object, message: string) => {
    lines.push(`${level} ${message} ${JSON.stringify(fields, errorsToo)}`);
  };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}

function errorsToo(_key: string, value: unknown): unknown {
  return value instanceof Error ? { message: value.message, stack: value.stack } : value;
}

/** A text of a message, such as its `text` or `content`; empty when it has none. */
export function textOf(message: SandboxMessage | undefined, key: string): string {
  const text = message?.body[key];
  return typeof text === "string" ? text : "";
}
