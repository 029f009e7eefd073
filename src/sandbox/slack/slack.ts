import type { Answer, Call, Incoming, Limit } from "../call.ts";
import { channelLabel, type Channel } from "../channels.ts";
import type { Refusal } from "../message.ts";
import { isError, readArguments } from "./arguments.ts";
import { channelOf, METHODS, SCOPES } from "./methods.ts";
import { waiting } from "./limited.ts";
import { resultBody, slackError, type SlackResult } from "./result.ts";
import { webhookCall } from "./webhook.ts";
import { callerOf, type Workspace } from "./workspace.ts";

const API = "/slack/api/";

/** The call that a request to the Slack side is; `undefined` when its path is none of Slack's. */
export function slackCall(workspace: Workspace, incoming: Incoming): Call | undefined {
  if (incoming.path.startsWith("/services/")) return webhookCall(workspace, incoming);
  if (incoming.path.startsWith(API)) return methodCall(workspace, incoming);
  return undefined;
}

function methodCall(workspace: Workspace, incoming: Incoming): Call {
  const name = incoming.path.slice(API.length);
  const read = readArguments(incoming);
  const channel = isError(read) ? null : channelOf(workspace, read.args);
  const key = `${isError(read) ? "" : read.token} ${name}`;
  const refusing = (refusal: Omit<Refusal, "platform" | "call" | "channel" | "receivedAt">) =>
    workspace.ledger.refuse({
      ...refusal,
      platform: "slack",
      call: name,
      channel: channel === null ? null : channelLabel(channel),
      receivedAt: workspace.now(),
    });
  return {
    platform: "slack",
    name,
    channel,
    windows: { method: key },
    limited: (limit) => limited(key, limit),
    failed: (code) => failed(String(code)),
    unsaved: () => answered(slackError("internal_error")),
    answer: () => {
      const refused = isError(read) ? read : authenticate(read.token);
      const waitMs = refused === undefined ? waitFor(workspace, key, name, channel) : 0;
      if (waitMs > 0) {
        refusing({ code: "ratelimited", details: [], status: 429, limit: "method" });
        return limited(key, { retryAfterMs: waitMs });
      }
      const result = refused ?? run(workspace, name, read);
      if (!result.ok) refusing({ code: result.error, details: result.details, status: 200 });
      return answered(result);
    },
  };
}

type Read = ReturnType<typeof readArguments>;

function run(workspace: Workspace, name: string, read: Read): SlackResult {
  if (isError(read)) return read;
  const method = METHODS[name];
  if (method === undefined) return slackError("unknown_method");
  return method.run(workspace, read.args, callerOf(read.token ?? ""));
}

/** Any bot token will do, unless it says itself that it will not. */
function authenticate(token: string | null): ReturnType<typeof slackError> | undefined {
  if (token === null) return slackError("not_authed");
  if (token.includes("revoked")) return slackError("token_revoked");
  if (!token.startsWith("xoxb-") || token.includes("invalid")) return slackError("invalid_auth");
  return undefined;
}

/** `key` is the method with its token: each app has a limit of its own. https://docs.slack.dev/apis/web-api/rate-limits */
function waitFor(workspace: Workspace, key: string, name: string, channel: Channel | null): number {
  const method = METHODS[name];
  if (method === undefined) return 0;
  if (name === "chat.postMessage" && channel !== null) return workspace.postingWaitMs(channel.id);
  return workspace.methodWaitMs(key, method.perMinute);
}

function limited(key: string, limit: Limit): Answer {
  const body = { ok: false, error: "ratelimited" };
  return { status: 429, ...waiting(key, limit), body };
}

/** A missing scope is told beside those that the token has. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
function failed(code: string): Answer {
  const answer = answered(slackError(code));
  if (code !== "missing_scope") return answer;
  const scopes = { needed: "chat:write", provided: "channels:read" };
  return {
    ...answer,
    headers: { "x-oauth-scopes": scopes.provided, "x-accepted-oauth-scopes": scopes.needed },
    body: { ok: false, error: code, ...scopes },
  };
}

function answered(result: SlackResult): Answer {
  const headers = { "x-oauth-scopes": SCOPES.join(",") };
  return { status: 200, headers, body: resultBody(result) };
}
