import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { slackId, snowflakeOf } from "../../src/sandbox/ids.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/sandbox.ts";
import { writeHouse } from "../end-to-end/house.ts";
import { freePort } from "../postgres/free-port.ts";
import type { Stores } from "./stores/stores.ts";
import type { TrialStore } from "./stores/trial-store.ts";

/** The four ways to post a message. */
export const KINDS = ["slack-bot", "slack-webhook", "discord-bot", "discord-webhook"] as const;

/** A way to post a message. */
export type Kind = (typeof KINDS)[number];

/** How wide the rig is, so that the pace of one channel does not hold everything up. */
export interface Width {
  /** Channels of each kind. */
  readonly lanes: number;
  /** Bot tokens of each platform. */
  readonly tokens: number;
}

/** Where a bridge is started, and where it listens then. */
export interface Place {
  readonly folder: string;
  readonly url: string;
}

/** Everything that a bridge needs to be started, and the sandbox that it posts to. */
export interface Rig extends Place {
  /** Every bridge's, the first of which the rig has itself. */
  readonly places: readonly Place[];
  readonly store: TrialStore;
  readonly sandbox: Sandbox;
  readonly config: Config;
  /** Writes the config anew, with other webhooks of the same channels. */
  renewWebhooks(): Promise<void>;
  close(): Promise<void>;
}

/** How a rig is set up. */
export interface Setup extends Width {
  readonly stores: Stores;
  /** How many bridges share the store; one unless given. */
  readonly bridges?: number;
  /** Such as `10s`. */
  readonly timeout: string;
  /** All four unless given. */
  readonly kinds?: readonly Kind[];
  /** How old the time of a webhook may be, such as `1d`; the bridge's own unless given. */
  readonly tolerance?: string;
  readonly sandbox?: SandboxOptions;
  /** Settings of a store in PostgreSQL besides its URL. */
  readonly database?: Readonly<Record<string, string | boolean>>;
}

/** Starts a sandbox, and writes the config of bridges that tell every event in one channel of each kind. */
export async function openRig(setup: Setup): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-chaos-"));
  const sandbox = await startSandbox({ rateLimits: false, ...setup.sandbox });
  const store = await setup.stores.trial(folder);
  const first = await placeIn(folder);
  const others = Array.from({ length: (setup.bridges ?? 1) - 1 }, (_, index) =>
    placeIn(join(folder, `bridge-${index + 2}`)),
  );
  const places = [first, ...(await Promise.all(others))];
  const write = async (hook: HookName) => {
    const configs = places.map((place) =>
      writeHouse(place.folder, sandbox, {
        config: JSON.stringify(configFile(sandbox, setup, { place, store, hook }), null, 2),
        templates: { "default.hbs": TEMPLATE },
      }),
    );
    const [config] = await Promise.all(configs);
    if (config === undefined) throw new Error("A rig has one bridge at the least.");
    return config;
  };
  const config = await write((_platform, channel) => channel);
  return {
    ...first,
    places,
    store,
    sandbox,
    config,
    renewWebhooks: async () => {
      await write(idOf);
    },
    close: async () => {
      await sandbox.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A bridge must come back where it was, so its port is chosen before it starts. */
async function placeIn(folder: string): Promise<Place> {
  await mkdir(folder, { recursive: true });
  return { folder, url: `http://127.0.0.1:${await freePort()}` };
}

/** The name of the destination of a kind in a lane. */
export function destinationOf(kind: Kind, lane: number): string {
  return `${kind}-${lane}`;
}

/** What the sandbox calls the channel of a kind in a lane. */
export function channelOf(kind: Kind, lane: number): string {
  switch (kind) {
    case "slack-bot":
      return `C${String(lane).padStart(8, "0")}`;
    case "discord-bot":
      return `1099414${String(lane).padStart(12, "0")}`;
    case "slack-webhook":
    case "discord-webhook":
      return `hooked-${lane}`;
  }
}

/** The marker is the customer's: Polar keeps what a merchant notes about one, Plain an id of the merchant's own. */
const TEMPLATE = `---
summary: "{{default customer.metadata.marker customer.external_id}}: {{change.summary}}"
title: "{{customer.label}}"
---
{{default customer.metadata.marker customer.external_id}}
{{#each changes}}
- {{summary}}
{{/each}}
`;

/** What a channel is called when a webhook is made for it: each name that it has leads to a webhook of its own. */
type HookName = (platform: "slack" | "discord", channel: string) => string;

function idOf(platform: "slack" | "discord", channel: string): string {
  return platform === "slack"
    ? slackId("C", `slack channel ${channel}`)
    : snowflakeOf(`discord channel ${channel}`);
}

/** What the config of one bridge is made with. */
interface Parts {
  readonly place: Place;
  readonly store: TrialStore;
  readonly hook: HookName;
}

/** JSON is YAML. */
function configFile(sandbox: Sandbox, setup: Setup, { place, store, hook }: Parts): object {
  const { lanes, tokens, timeout, kinds = KINDS, tolerance } = setup;
  const all = Array.from({ length: lanes }, (_, lane) => lane);
  return {
    server: { port: Number(new URL(place.url).port) },
    store:
      store.kind === "sqlite" ? `sqlite:${store.place}` : { url: store.place, ...setup.database },
    sources: {
      polar: { type: "polar", secrets: ["${POLAR_SECRET}"], tolerance },
      plain: { type: "plain", secrets: ["${PLAIN_SECRET}"], tolerance },
    },
    destinations: Object.fromEntries(
      all.flatMap((lane) =>
        kinds.map((kind) => [
          destinationOf(kind, lane),
          destination(sandbox, kind, {
            channel: channelOf(kind, lane),
            token: lane % tokens,
            hook,
          }),
        ]),
      ),
    ),
    routes: all.map((lane) => ({
      name: `lane ${lane}`,
      match: { "customer.email": `*@lane${lane}.example` },
      send: kinds.map((kind) => destinationOf(kind, lane)),
      stop: true,
    })),
    delivery: { timeout },
  };
}

interface Target {
  readonly channel: string;
  readonly token: number;
  readonly hook: HookName;
}

function destination(sandbox: Sandbox, kind: Kind, { channel, token, hook }: Target): object {
  switch (kind) {
    case "slack-bot":
      return { type: "slack", token: `xoxb-${token}`, channel, api_url: sandbox.slackApiUrl };
    case "slack-webhook":
      return { type: "slack", webhook: sandbox.slackWebhook(hook("slack", channel)) };
    case "discord-bot":
      return { type: "discord", token: `bot-${token}`, channel, api_url: sandbox.discordApiUrl };
    case "discord-webhook":
      return { type: "discord", webhook: sandbox.discordWebhook(hook("discord", channel)) };
  }
}
