import type { FastifyReply } from "fastify";
import type { Call, Incoming } from "./call.ts";
import { channelLabel, type ChannelSeed, type ChannelState } from "./channels.ts";
import { discordCall } from "./discord/discord.ts";
import { ROUTE_NAMES } from "./discord/routes.ts";
import { Guild } from "./discord/guild.ts";
import { FaultRules, type GivenFault } from "./fault-rules.ts";
import type { FaultRule } from "./faults.ts";
import { Ledger, type MessageListener, type RefusalListener } from "./ledger.ts";
import { listen } from "./listener.ts";
import type { Refusal, SandboxMessage, SandboxPlatform } from "./message.ts";
import { respond, send } from "./respond.ts";
import { sentAtOf } from "./sent-at.ts";
import { METHODS } from "./slack/methods.ts";
import { slackCall } from "./slack/slack.ts";
import { Workspace } from "./slack/workspace.ts";
import { type Ask, type Closed, Windows } from "./windows.ts";

/** How the sandbox starts. */
export interface SandboxOptions {
  /** A free one unless given. */
  readonly port?: number;
  /** `127.0.0.1` unless given. */
  readonly host?: string;
  /** The time in milliseconds since the epoch; the machine's own unless given. */
  readonly now?: () => number;
  /** Whether callers may be too fast: true unless given; `strict` also refuses Slack's short bursts. */
  readonly rateLimits?: boolean | "strict";
  /** Whether all who call are on one machine, and so share what Discord takes from one without a token: true unless given. */
  readonly isOneMachine?: boolean;
  /** Channels with a name or a state of their own; every other one exists as soon as it is named. */
  readonly channels?: readonly ChannelSeed[];
  /** Numbers from 0 up to 1, without 1, by which faults with a share fall; the machine's own unless given. */
  readonly random?: () => number;
  /** The most messages, and the most refusals, that are remembered: the newest; all of them unless given. */
  readonly keep?: number;
}

/** A local stand-in for Slack and Discord that is listening. */
export interface Sandbox {
  readonly url: string;
  /** What `slackApiUrl` of Slack's client takes; ends in a slash. */
  readonly slackApiUrl: string;
  /** What `api` of discord.js's `REST` takes; the version is appended to it. */
  readonly discordApiUrl: string;
  /** In the order they were posted; an edited one keeps its place. */
  readonly messages: readonly SandboxMessage[];
  readonly refused: readonly Refusal[];
  /** How many requests came in, whatever became of them. */
  readonly requests: number;
  /**
   * How many requests came inside a window that a 429, by a fault or by the sandbox's own limits, had asked to wait out.
   * One that was still under way when that 429 went out is refused too, but not counted here.
   */
  readonly early: number;
  /** The URL of an incoming webhook to a channel; always the same for the same name and port. */
  slackWebhook(channelName: string): string;
  /** The URL of an incoming webhook to a channel; always the same for the same name and port. */
  discordWebhook(channelName: string): string;
  /** From now on the webhook with this URL is unknown. */
  removeWebhook(url: string): void;
  /** Puts a channel, by id or name, into a state. */
  setChannel(platform: SandboxPlatform, channel: string, state: ChannelState): void;
  /** Has something go wrong with requests to come. */
  fault(rule: FaultRule): void;
  /** Calls the listener with each message posted or edited from now on; gives back what ends that. */
  onMessage(listener: MessageListener): () => void;
  /** Calls the listener with each request refused from now on; gives back what ends that. */
  onRefused(listener: RefusalListener): () => void;
  /** Calls the listener with each fault that a request is given from now on; gives back what ends that. */
  onFault(listener: FaultListener): () => void;
  /** Closes the port until `up`, so that connections are refused; those that are open end at once. */
  down(): Promise<void>;
  /** Listens on the same port again. Rejects when somebody else has taken it. */
  up(): Promise<void>;
  /** Forgets messages, refusals, faults, rate limits and what was counted; channels and webhooks stay. */
  clear(): void;
  /** Ends at once, also requests that hang. */
  close(): Promise<void>;
}

/** What a fault's `call` can name. */
export const CALLS: { readonly [platform in SandboxPlatform]: readonly string[] } = {
  slack: [...Object.keys(METHODS), "webhook"],
  discord: ROUTE_NAMES,
};

/** Hears of each fault that a request is given. */
export type FaultListener = (given: GivenFault) => void;

/** Starts a stand-in for Slack and Discord on this machine, which the platforms' own clients can talk to. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { now = Date.now, random = Math.random, rateLimits = true, keep = Infinity } = options;
  const ledger = new Ledger(keep);
  const rules = new FaultRules(now, random);
  const windows = new Windows(now);
  const pace = rateLimits === "strict" ? "strict" : rateLimits ? "burst" : "off";
  const workspace = new Workspace(ledger, now, pace);
  const { isOneMachine = true } = options;
  const guild = new Guild(ledger, now, { isLimited: rateLimits !== false, isOneMachine });
  const channels = { slack: workspace.channels, discord: guild.channels };
  for (const seed of options.channels ?? []) channels[seed.platform].seed(seed);
  const listeners = new Set<FaultListener>();
  const answer = async (incoming: Incoming, reply: FastifyReply, connection: object) => {
    ledger.countRequest();
    const call = slackCall(workspace, incoming) ?? discordCall(guild, incoming);
    if (call === undefined) return send(reply, { status: 404, body: "Not Found" });
    const closed = windows.enter(
      call.platform,
      call.windows,
      connection,
      sentAtOf(incoming.headers),
    );
    if (closed !== undefined) {
      ledger.refuse(tooEarly(call, closed, now()));
      return send(reply, call.limited({ retryAfterMs: closed.leftMs, scope: closed.scope }));
    }
    const fault = rules.take(call);
    if (fault !== undefined) {
      const given = { ...described(call), fault, at: now() };
      for (const listener of listeners) listener(given);
    }
    const asked = (ask: Ask) => windows.open(call.platform, ask, connection);
    return respond({ call, reply, asked }, fault);
  };
  const { host = "127.0.0.1", port = 0 } = options;
  const listener = await listen({ host, port, answer });
  const { url } = listener;
  return {
    url,
    slackApiUrl: `${url}/slack/api/`,
    discordApiUrl: `${url}/discord/api`,
    get messages() {
      return ledger.messages;
    },
    get refused() {
      return ledger.refused;
    },
    get requests() {
      return ledger.requests;
    },
    get early() {
      return windows.early;
    },
    slackWebhook: (channelName) => url + workspace.webhook(channelName).path,
    discordWebhook: (channelName) => {
      const { id, token } = guild.webhook(channelName);
      return `${url}/api/webhooks/${id}/${token}`;
    },
    removeWebhook: (webhookUrl) => {
      const { pathname } = new URL(webhookUrl);
      workspace.removeWebhook(pathname);
      guild.removeWebhook(pathname.split("/")[3] ?? "");
    },
    setChannel: (platform, channel, state) => channels[platform].setState(channel, state),
    fault: (rule) => rules.add(rule),
    onMessage: (hear) => ledger.onMessage(hear),
    onRefused: (hear) => ledger.onRefused(hear),
    onFault: (hear) => {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    down: () => listener.down(),
    up: () => listener.up(),
    clear: () => {
      for (const part of [ledger, rules, windows, workspace, guild]) part.clear();
    },
    close: () => listener.down(),
  };
}

function described({ platform, name, channel }: Call) {
  return { platform, call: name, channel: channel === null ? null : channelLabel(channel) };
}

function tooEarly(call: Call, { scope, leftMs }: Closed, receivedAt: number): Refusal {
  const code = call.platform === "slack" ? "ratelimited" : "429";
  const details = [`It came ${(leftMs / 1_000).toFixed(3)} s before the wait was over.`];
  return { ...described(call), status: 429, code, limit: scope, details, receivedAt };
}
