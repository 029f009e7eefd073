import type { JsonObject } from "../../core/json.ts";

/** What a Web API method answers: `ok` and the rest, or the error and what was wrong where. */
export type SlackResult = SlackOk | SlackError;

/** A method's answer when all went well. */
interface SlackOk extends JsonObject {
  readonly ok: true;
}

/** A refusal, with Slack's own code. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
export interface SlackError {
  readonly ok: false;
  readonly error: string;
  /** One thing a line, each with its JSON pointer. */
  readonly details: readonly string[];
}

/** The refusal with this code. */
export function slackError(error: string, details: readonly string[] = []): SlackError {
  return { ok: false, error, details };
}

/** The body that Slack sends for a result; details stand both bare and marked as errors. */
export function resultBody(result: SlackResult): JsonObject {
  if (result.ok) return result;
  const { error, details } = result;
  if (details.length === 0) return { ok: false, error };
  const messages = details.map((detail) => `[ERROR] ${detail}`);
  return { ok: false, error, errors: details, response_metadata: { messages } };
}
