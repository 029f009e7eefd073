import type { Json, JsonObject } from "../../core/json.ts";
import { listOf, objectsIn, textOf } from "../json.ts";
import { checkComponents } from "./components.ts";
import { checkEmbeds } from "./embeds.ts";
import { Form } from "./form.ts";
import { discordProblem, type DiscordProblem } from "./problem.ts";

/** The flag of a message made of components only. https://docs.discord.com/developers/components/reference */
const IS_COMPONENTS_V2 = 1 << 15;

/** Discord's limits on a message. https://docs.discord.com/developers/resources/message#create-message */
const LIMITS = {
  content: 2000,
  nonce: 25,
  username: 80,
  threadName: 100,
  mentions: 100,
  url: 2048,
} as const;

const MENTIONS = ["users", "roles", "everyone"] as const;

/** What Discord has against the content of a message; `undefined` when it takes it. */
export function checkMessage(
  body: JsonObject,
  kind: "bot" | "webhook",
): DiscordProblem | undefined {
  const form = new Form();
  form.string(["content"], body["content"], { max: LIMITS.content });
  checkEmbeds(form, body["embeds"]);
  checkComponents(form, body["components"], isComponentsV2(body));
  checkMentions(form, body["allowed_mentions"]);
  if (isComponentsV2(body)) checkV2(form, body);
  if (kind === "bot") form.string(["nonce"], body["nonce"], { max: LIMITS.nonce });
  else checkWebhook(form, body);
  const problem = form.problem();
  if (problem !== undefined) return problem;
  return hasContent(body) ? undefined : discordProblem(50006);
}

/** Whether a message is made of components only. */
function isComponentsV2(body: JsonObject): boolean {
  return (Number(body["flags"] ?? 0) & IS_COMPONENTS_V2) !== 0;
}

function checkV2(form: Form, body: JsonObject): void {
  for (const field of ["content", "embeds"] as const) {
    const isFilled =
      field === "content" ? textOf(body[field]) !== "" : objectsIn(body[field]).length > 0;
    if (!isFilled) continue;
    const message = `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`;
    form.fail([field], "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message);
  }
}

/** https://docs.discord.com/developers/resources/message#allowed-mentions-object */
function checkMentions(form: Form, value: Json | undefined): void {
  const mentions = form.object(["allowed_mentions"], value);
  if (mentions === undefined) return;
  const parse = listOf(mentions["parse"]);
  for (const [index, kind] of parse.entries()) {
    if (MENTIONS.some((known) => known === kind)) continue;
    const known = MENTIONS.map((one) => `'${one}'`).join(", ");
    const message = `Value must be one of (${known}).`;
    form.fail(["allowed_mentions", "parse", index], "BASE_TYPE_CHOICES", message);
  }
  for (const kind of ["users", "roles"] as const) {
    const ids = listOf(mentions[kind]);
    form.length(["allowed_mentions", kind], ids.length, { max: LIMITS.mentions });
    if (!parse.includes(kind) || ids.length === 0) continue;
    const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`;
    form.fail(["allowed_mentions"], "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
  }
}

/** https://docs.discord.com/developers/resources/webhook#execute-webhook */
function checkWebhook(form: Form, body: JsonObject): void {
  const { username } = body;
  form.string(["thread_name"], body["thread_name"], { max: LIMITS.threadName });
  form.url(["avatar_url"], body["avatar_url"], ["http", "https"], LIMITS.url);
  if (username === undefined || username === null) return;
  const name = form.string(["username"], username, { min: 1, max: LIMITS.username });
  for (const word of ["clyde", "discord"]) {
    if (name.toLowerCase().includes(word))
      form.fail(["username"], "USERNAME_INVALID_CONTAINS", `Username cannot contain "${word}"`);
  }
}

function hasContent(body: JsonObject): boolean {
  if (textOf(body["content"]).trim() !== "") return true;
  return objectsIn(body["embeds"]).length > 0 || objectsIn(body["components"]).length > 0;
}
