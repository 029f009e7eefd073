import { fastify, type FastifyRequest } from "fastify";
import type { Call, Incoming } from "./call.ts";
import type { ChannelSeed, ChannelState } from "./channels.ts";
import { discordCall } from "./discord/discord.ts";
import { Guild } from "./discord/guild.ts";
import { Faults, type FaultRule } from "./faults.ts";
import { Ledger, type MessageListener, type RefusalListener } from "./ledger.ts";
import type { Refusal, SandboxMessage, SandboxPlatform } from "./message.ts";
import { respond } from "./respond.ts";
import { slackCall } from "./slack/slack.ts";
import { Workspace } from "./slack/workspace.ts";

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
  /** Channels with a name or a state of their own; every other one exists as soon as it is named. */
  readonly channels?: readonly ChannelSeed[];
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
  /** Forgets messages, refusals, faults and rate limits; channels and webhooks stay. */
  clear(): void;
  /** Ends at once, also requests that hang. */
  close(): Promise<void>;
}

/**
 * The largest body that is taken, in bytes.
 * https://docs.discord.com/developers/reference#uploading-files
 */
const BODY_LIMIT = 25 * 1024 * 1024;

/** Starts a stand-in for Slack and Discord on this machine, which the platforms' own clients can talk to. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { now = Date.now, rateLimits = true } = options;
  const ledger = new Ledger();
  const faults = new Faults();
  const pace = rateLimits === "strict" ? "strict" : rateLimits ? "burst" : "off";
  const workspace = new Workspace(ledger, now, pace);
  const guild = new Guild(ledger, now, rateLimits !== false);
  const channels = { slack: workspace.channels, discord: guild.channels };
  for (const seed of options.channels ?? []) channels[seed.platform].seed(seed);
  const listening = await listen(options, (incoming) => {
    ledger.countRequest();
    const call = slackCall(workspace, incoming) ?? discordCall(guild, incoming);
    return call === undefined ? undefined : { call, fault: faults.take(call) };
  });
  const { url } = listening;
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
    fault: (rule) => faults.add(rule),
    onMessage: (listener) => ledger.onMessage(listener),
    onRefused: (listener) => ledger.onRefused(listener),
    clear: () => {
      for (const part of [ledger, faults, workspace, guild]) part.clear();
    },
    close: listening.close,
  };
}

type Answering = (
  incoming: Incoming,
) => { readonly call: Call; readonly fault: ReturnType<Faults["take"]> } | undefined;

async function listen(options: SandboxOptions, answering: Answering) {
  // A keep-alive connection would hold `close` up for more than a minute otherwise.
  const app = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.all("/*", async (request, reply) => {
    const found = answering(incomingOf(request));
    if (found === undefined) return reply.code(404).type("text/plain").send("Not Found");
    return respond(reply, found.call, found.fault);
  });
  const url = await app.listen({ host: options.host ?? "127.0.0.1", port: options.port ?? 0 });
  return { url, close: () => app.close() };
}

function incomingOf(request: FastifyRequest): Incoming {
  const [path = "", query = ""] = request.url.split("?", 2);
  return {
    method: request.method,
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
    body: typeof request.body === "string" ? request.body : "",
  };
}
