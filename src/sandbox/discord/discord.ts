import type { JsonObject } from "../../core/json.ts";
import type { Answer, Call, Incoming, Limit } from "../call.ts";
import { channelLabel, type Channel } from "../channels.ts";
import { isJsonObject, parseJson } from "../json.ts";
import { Form } from "./form.ts";
import { botBody, channelBody, webhookBody } from "./bodies.ts";
import { type DiscordWebhook, type Guild, THIS_MACHINE } from "./guild.ts";
import { limited, limitHeaders, type Limited } from "./limited.ts";
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
import type { LimitScope } from "../limit-scope.ts";

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
  const windows = { network: THIS_MACHINE };
  const request = { now: guild.now(), route: null, callsPer: 0, windows };
  return {
    platform: "discord",
    name,
    channel: null,
    windows,
    limited: (limit) => limited(request, limit),
    failed: (code) => failed(request, code),
    unsaved: () => problemAnswer(BROKEN),
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
  const request = { guild, route, incoming, channel, webhook };
  const limits = limitsOf(request);
  return {
    platform: "discord",
    name: route.name,
    channel,
    windows: limits.windows,
    limited: (limit) => limited(limits, limit),
    failed: (code) => failed(limits, code),
    unsaved: () => (isSilent(request) ? { status: 204, body: "" } : problemAnswer(BROKEN)),
    answer: () => answerRequest(request, limits),
  };
}

const BROKEN = httpProblem(500, "Internal Server Error");

function limitsOf(request: DiscordRequest): Limited {
  const { guild, route, channel, webhook } = request;
  const author = authenticate(request);
  const bot = isProblem(author) || author.kind === "webhook" ? undefined : author.id;
  const resource = `${route.name} ${webhook?.id ?? channel?.id ?? ""}`;
  const windows = {
    network: THIS_MACHINE,
    global: bot ?? THIS_MACHINE,
    shared: resource,
    bucket: `${bot ?? ""} ${resource}`,
  };
  return { now: guild.now(), route: route.name, callsPer: guild.callsPer(route.bucket), windows };
}

/** A request with what its path led to. */
interface DiscordRequest {
  readonly guild: Guild;
  readonly route: Route;
  readonly incoming: Incoming;
  readonly channel: Channel | null;
  readonly webhook: DiscordWebhook | undefined;
}

function answerRequest(request: DiscordRequest, limits: Limited): Answer {
  const { guild, route } = request;
  const author = authenticate(request);
  if (isProblem(author)) return refused(request, author, {});
  const global = guild.countGlobally(limits.windows.global ?? THIS_MACHINE);
  if (global !== undefined && !global.passes)
    return tooFast(request, limits, { retryAfterMs: global.resetAfterMs, scope: "global" });
  const allowance = guild.count(route.bucket, limits.windows.bucket ?? "");
  if (allowance !== undefined && !allowance.passes)
    return tooFast(request, limits, { retryAfterMs: allowance.resetAfterMs, scope: "bucket" });
  const headers = allowance === undefined ? {} : limitHeaders(guild.now(), route.name, allowance);
  const result = handle(request, author);
  if (isProblem(result)) return refused(request, result, headers);
  if (isSilent(request)) return { status: 204, headers, body: "" };
  return { status: 200, headers, body: result.body };
}

/** A webhook tells nothing unless it is asked to wait. */
function isSilent(request: DiscordRequest): boolean {
  return request.route.name === "POST /webhooks/:webhook/:token" && !isTrue(request, "wait");
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
  if (route.name === "GET /users/@me") return { body: botBody(author) };
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

function tooFast(
  request: DiscordRequest,
  limits: Limited,
  limit: Limit & { readonly scope: LimitScope },
): Answer {
  const problem = { status: 429, code: 429, message: "", details: [] };
  refuse(request.guild, request.route.name, request.channel, problem, limit.scope);
  return limited(limits, limit);
}

/** How long an error of Discord's own with status 429 asks to wait, in milliseconds; ours. */
const LIMITED_MS = 5_000;

function failed(request: Limited, code: string | number): Answer {
  const problem = discordProblem(Number(code));
  return problem.status === 429
    ? limited(request, { retryAfterMs: LIMITED_MS }, problem)
    : problemAnswer(problem);
}

type Headers = { readonly [name: string]: string };

function refused(request: DiscordRequest, problem: DiscordProblem, headers: Headers): Answer {
  refuse(request.guild, request.route.name, request.channel, problem);
  return { ...problemAnswer(problem), headers };
}

function refuse(
  guild: Guild,
  call: string,
  channel: Channel | null,
  problem: DiscordProblem,
  limit?: LimitScope,
): void {
  guild.ledger.refuse({
    platform: "discord",
    call,
    channel: channel === null ? null : channelLabel(channel),
    status: problem.status,
    code: String(problem.code || problem.status),
    ...(limit !== undefined && { limit }),
    details: problem.details,
    receivedAt: guild.now(),
  });
}
