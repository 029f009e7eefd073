import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ValidateFunction } from "ajv";
import ajvFormats from "ajv-formats";
import { ButtonBuilder, EmbedBuilder, embedLength } from "discord.js";
import { VendorSchema } from "./vendor-schema.ts";

type Json = { readonly [key: string]: unknown };
type Kind = "bot" | "webhook";

let schema: VendorSchema | undefined;
let openApi: { readonly [kind in Kind]: ValidateFunction } | undefined;

/**
 * What is wrong with a request to Discord, by the vendor's types, by the validators of discord.js, by its OpenAPI
 * document where the variable `DISCORD_OPENAPI` names it, and by what those leave out; empty when nothing is.
 * The first call generates the schemas, which takes some seconds.
 */
export function checkDiscord(body: Json, kind: Kind): string[] {
  schema ??= new VendorSchema("DiscordTypes");
  const problems = schema.problems(`DiscordTypes/properties/${kind}`, body);
  problems.push(...openApiProblems(body, kind), ...leftOut(body));
  for (const [index, embed] of list(body["embeds"]).entries())
    problems.push(...attempt(`/embeds/${index}`, () => buildEmbed(embed)));
  for (const row of list(body["components"]))
    for (const [index, button] of list(row["components"]).entries())
      problems.push(...attempt(`/components/${index}`, () => buildButton(button)));
  return problems;
}

/** Whether `DISCORD_OPENAPI` names Discord's document, so that tests can tell that it was used. */
export function hasOpenApi(): boolean {
  return process.env["DISCORD_OPENAPI"] !== undefined;
}

/** The rules that neither the types nor the OpenAPI document nor the builders know. */
function leftOut(body: Json): string[] {
  const embeds = list(body["embeds"]);
  const rows = list(body["components"]);
  const content = typeof body["content"] === "string" ? body["content"] : "";
  const fields = embeds.flatMap((embed) => list(embed["fields"]));
  const sum = embeds.reduce((chars, embed) => chars + embedLength(embed as never), 0);
  const buttons = rows.map((row) => list(row["components"]));
  return [
    ...rule(content.length <= 2_000, "/content has over 2000 characters"),
    ...rule(content.trim() !== "" || embeds.length > 0, "there is nothing to show"),
    ...rule(!("embeds" in body) || embeds.length > 0, "/embeds is empty"),
    ...rule(embeds.length <= 10, "there are over 10 embeds"),
    ...rule(sum <= 6_000, `the embeds have ${sum} characters, over 6000`),
    ...rule(
      fields.every((field) => !isEmpty(field["name"])),
      "a field has no name",
    ),
    ...rule(
      fields.every((field) => !isEmpty(field["value"])),
      "a field has no value",
    ),
    ...rule(rows.length <= 5, "there are over 5 rows"),
    ...rule(
      buttons.every((row) => row.length > 0 && row.length <= 5),
      "a row has no or over 5 buttons",
    ),
    ...rule(
      buttons.flat().every((button) => String(button["url"]).length <= 512),
      "a button's url has over 512 characters",
    ),
    ...rule(JSON.stringify(body["allowed_mentions"]) === '{"parse":[]}', "mentions are allowed"),
  ];
}

function rule(isKept: boolean, problem: string): string[] {
  return isKept ? [] : [problem];
}

function isEmpty(value: unknown): boolean {
  return typeof value !== "string" || value.trim() === "";
}

/** Through the setters, since the constructor checks nothing. */
function buildEmbed(embed: Json): void {
  const builder = new EmbedBuilder();
  const text = (key: string) => embed[key] as string;
  if ("title" in embed) builder.setTitle(text("title"));
  if ("description" in embed) builder.setDescription(text("description"));
  if ("url" in embed) builder.setURL(text("url"));
  if ("color" in embed) builder.setColor(embed["color"] as number);
  if ("timestamp" in embed) builder.setTimestamp(new Date(text("timestamp")));
  if ("footer" in embed) builder.setFooter(embed["footer"] as { text: string });
  if ("author" in embed) builder.setAuthor(embed["author"] as { name: string });
  if ("fields" in embed) builder.setFields(embed["fields"] as { name: string; value: string }[]);
  if ("image" in embed) builder.setImage((embed["image"] as { url: string }).url);
  if ("thumbnail" in embed) builder.setThumbnail((embed["thumbnail"] as { url: string }).url);
  builder.toJSON();
}

function buildButton(button: Json): void {
  new ButtonBuilder()
    .setStyle(button["style"] as number)
    .setLabel(button["label"] as string)
    .setURL(button["url"] as string)
    .toJSON();
}

function attempt(place: string, build: () => void): string[] {
  try {
    build();
    return [];
  } catch (error) {
    return [`${place} ${error instanceof Error ? error.message : String(error)}`];
  }
}

function openApiProblems(body: Json, kind: Kind): string[] {
  const file = process.env["DISCORD_OPENAPI"];
  if (file === undefined) return [];
  openApi ??= compileOpenApi(file);
  const validate = openApi[kind];
  if (validate(body)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message} (OpenAPI)`);
}

function compileOpenApi(file: string): { readonly [kind in Kind]: ValidateFunction } {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  for (const format of ["nonce", "snowflake", "int32", "int64"]) ajv.addFormat(format, true);
  const { components } = JSON.parse(readFileSync(file, "utf8")) as { components: object };
  ajv.addSchema({ $id: "discord", components });
  const compile = (name: string) => ajv.compile({ $ref: `discord#/components/schemas/${name}` });
  return {
    bot: compile("MessageCreateRequest"),
    webhook: compile("IncomingWebhookRequestPartial"),
  };
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}
