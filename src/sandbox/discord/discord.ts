import type { JsonObject } from "../../core/json.ts";
import type { Answer, Call, Incoming } from "../call.ts";
import { channelLabel, type Channel } from "../channels.ts";
import { snowflakeOf } from "../ids.ts";
import { isJsonObject, parseJson } from "../json.ts";
import type { Allowance } from "../limits.ts";
import { Form } from "./form.ts";
import { GUILD_ID, type DiscordWebhook, type Guild } from "./guild.ts";
import {
  botOf,
  create,
  edit,
  isProblem,
  read,
  readAll,
  type Author,
  type Result,
} from "./messages.ts";
import { discordProblem, httpProblem, problemAnswer, type DiscordProblem } from "./problem.ts";
import { findRoute, type Route } from "./routes.ts";

/** Discord's own path, and the one that `discordApiUrl` leads to; the version may be left out. */
const API = /^(?:\/discord)?\/api(?:\/v\d+)?(?=\/)/;

/** The call that a request to the Discord side is; `undefined` when its path is none of Discord's. */
export function discordCall(guild: Guild, incoming: Incoming): Call | undefined {
  if (!API.test(incoming.path)) return undefined;
  const path = incoming.path.replace(API, "").replace(/\/$/, "");
  const route = findRoute(incoming.method, path);
  const name = `${incoming.method} ${path}`;
  if (route === undefined) return strayCall(guild, name, httpProblem(404, "Not Found"));
  if (route === "wrong method")
    return strayCall(guild, name, httpProblem(405, "Method Not Allowed"));
  return routeCall(guild, route, incoming);
}

function strayCall(guild: Guild, name: string, problem: DiscordProblem): Call {
  return {
    platform: "discord",
    name,
    channel: null,
    limited,
    failed,
    answer: () => {
      refuse(guild, name, null, problem);
      return problemAnswer(problem);
    },
  };
}

function routeCall(guild: Guild, route: Route, incoming: Incoming): Call {
  const webhook = guild.webhookWith(route.params["webhook"] ?? "");
  const channelId = webhook?.channelId ?? route.params["id"];
  const channel =
    channelId !== undefined && /^\d+$/.test(channelId) ? guild.channels.get(channelId) : null;
  return {
    platform: "discord",
    name: route.name,
    channel,
    limited,
    failed,
    answer: () => answerRequest({ guild, route, incoming, channel, webhook }),
  };
}

/** A request with what its path led to. */
interface DiscordRequest {
  readonly guild: Guild;
  readonly route: Route;
  readonly incoming: Incoming;
  readonly channel: Channel | null;
  readonly webhook: DiscordWebhook | undefined;
}

function answerRequest(request: DiscordRequest): Answer {
  const { guild, route, channel, webhook } = request;
  const author = authenticate(request);
  if (isProblem(author)) return refused(request, author, {});
  const global = guild.countGlobally(author.kind === "bot" ? author.id : "this machine");
  if (global !== undefined && !global.passes)
    return tooFast(request, global, { "x-ratelimit-global": "true" });
  const allowance = guild.count(route.bucket, `${route.name} ${webhook?.id ?? channel?.id ?? ""}`);
  const headers = allowance === undefined ? {} : limitHeaders(guild, route, allowance);
  if (allowance !== undefined && !allowance.passes) return tooFast(request, allowance, headers);
  const result = handle(request, author);
  if (isProblem(result)) return refused(request, result, headers);
  const isSilent = route.name === "POST /webhooks/:webhook/:token" && !isTrue(request, "wait");
  if (isSilent) return { status: 204, headers, body: "" };
  return { status: 200, headers, body: result.body };
}

/** Any bot token will do, unless it says itself that it will not; a webhook's token is in its path. */
function authenticate({ route, incoming, webhook }: DiscordRequest): Author | DiscordProblem {
  if (route.params["webhook"] !== undefined) {
    if (webhook === undefined) return discordProblem(10015);
    if (webhook.token !== route.params["token"]) return discordProblem(50027);
    return { kind: "webhook", id: webhook.id };
  }
  const token = /^Bot (.+)$/.exec(incoming.headers.authorization ?? "")?.[1];
  const isBad = token === undefined || token.includes("revoked") || token.includes("invalid");
  return isBad ? httpProblem(401, "Unauthorized") : botOf(token);
}

function handle(request: DiscordRequest, author: Author): Result {
  const { guild, route, incoming, channel, webhook } = request;
  if (route.name === "GET /users/@me") return { body: user(author) };
  const unreachable = checkChannel(request, author);
  if (unreachable !== undefined || channel === null) return unreachable ?? discordProblem(10003);
  const id = route.params["message"] ?? "";
  switch (route.name) {
    case "GET /channels/:id":
      return { body: channelBody(channel) };
    case "GET /channels/:id/messages":
      return readAll(guild, channel, incoming);
    case "GET /webhooks/:webhook/:token":
      return webhook === undefined ? discordProblem(10015) : { body: webhookBody(webhook) };
    case "GET /channels/:id/messages/:message":
    case "GET /webhooks/:webhook/:token/messages/:message":
      return read(guild, channel, id);
    case "POST /channels/:id/messages":
    case "POST /webhooks/:webhook/:token":
    case "PATCH /channels/:id/messages/:message":
    case "PATCH /webhooks/:webhook/:token/messages/:message": {
      const form = readBody(request);
      if (isProblem(form)) return form;
      return route.name.startsWith("POST")
        ? create(guild, channel, author, form.body)
        : edit(guild, channel, author, id, form.body);
    }
  }
}

/** When a channel is deleted, its webhooks go with it. */
function checkChannel(request: DiscordRequest, author: Author): DiscordProblem | undefined {
  const { channel, route } = request;
  if (channel === null) {
    const form = new Form();
    const message = `Value "${route.params["id"] ?? ""}" is not snowflake.`;
    form.fail(["channel_id"], "NUMBER_TYPE_COERCE", message);
    return form.problem();
  }
  if (channel.state === "missing") return discordProblem(author.kind === "bot" ? 10003 : 10015);
  if (channel.state === "not_in_channel" && author.kind === "bot") return discordProblem(50001);
  return undefined;
}

function readBody(request: DiscordRequest): { readonly body: JsonObject } | DiscordProblem {
  const { incoming } = request;
  if (!(incoming.headers["content-type"] ?? "").startsWith("application/json")) {
    const form = new Form();
    const message = `Expected "Content-Type" header to be one of {'application/json'}.`;
    form.fail([], "CONTENT_TYPE_INVALID", message);
    return form.problem() ?? discordProblem(50109);
  }
  const body = parseJson(incoming.body);
  if (!isJsonObject(body)) return discordProblem(50109);
  return { body: respectedBody(request, body) };
}

/**
 * A webhook that no application owns has its components dropped unless the caller asks for them.
 * https://docs.discord.com/developers/resources/webhook#execute-webhook
 */
function respectedBody(request: DiscordRequest, body: JsonObject): JsonObject {
  if (request.webhook === undefined || isTrue(request, "with_components")) return body;
  const { components: _components, ...rest } = body;
  return rest;
}

function isTrue({ incoming }: DiscordRequest, parameter: string): boolean {
  return ["true", "1"].includes(incoming.query.get(parameter)?.toLowerCase() ?? "");
}

function user(author: Author): JsonObject {
  return { id: author.id, username: "Bellhop", discriminator: "0", bot: true, verified: true };
}

function channelBody(channel: Channel): JsonObject {
  const name = channel.name ?? `channel-${channel.id}`;
  return { id: channel.id, type: 0, guild_id: GUILD_ID, name, permission_overwrites: [] };
}

function webhookBody(webhook: DiscordWebhook): JsonObject {
  const { id, token, channelId } = webhook;
  const names = { name: "Bellhop", avatar: null, application_id: null };
  return { id, type: 1, token, channel_id: channelId, guild_id: GUILD_ID, ...names };
}

type Headers = { readonly [name: string]: string };

/** https://docs.discord.com/developers/topics/rate-limits#header-format */
function limitHeaders(guild: Guild, route: Route, allowance: Allowance): Headers {
  const { limit, remaining, resetAfterMs } = allowance;
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": ((guild.now() + resetAfterMs) / 1_000).toFixed(3),
    "x-ratelimit-reset-after": (resetAfterMs / 1_000).toFixed(3),
    "x-ratelimit-bucket": snowflakeOf(`discord bucket ${route.name}`),
  };
}

function tooFast(request: DiscordRequest, allowance: Allowance, headers: Headers): Answer {
  const problem = { status: 429, code: 429, message: "", details: [] };
  refuse(request.guild, request.route.name, request.channel, problem);
  const answer = limited(allowance.resetAfterMs, "x-ratelimit-global" in headers);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function limited(retryAfterMs: number, isGlobal = false): Answer {
  return {
    status: 429,
    headers: {
      "retry-after": String(Math.ceil(retryAfterMs / 1_000)),
      "x-ratelimit-scope": isGlobal ? "global" : "user",
    },
    body: {
      message: "You are being rate limited.",
      retry_after: retryAfterMs / 1_000,
      global: isGlobal,
    },
  };
}

function failed(code: string | number): Answer {
  return problemAnswer(discordProblem(Number(code)));
}

function refused(request: DiscordRequest, problem: DiscordProblem, headers: Headers): Answer {
  refuse(request.guild, request.route.name, request.channel, problem);
  return { ...problemAnswer(problem), headers };
}

function refuse(
  guild: Guild,
  call: string,
  channel: Channel | null,
  problem: DiscordProblem,
): void {
  guild.ledger.refuse({
    platform: "discord",
    call,
    channel: channel === null ? null : channelLabel(channel),
    status: problem.status,
    code: String(problem.code || problem.status),
    details: problem.details,
    receivedAt: guild.now(),
  });
}
