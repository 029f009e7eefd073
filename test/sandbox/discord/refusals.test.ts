import { DiscordAPIError, Routes, type REST } from "discord.js";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { DISCORD_CHANNEL, discordClient, rejection } from "../clients.ts";

let sandbox: Sandbox;
let discord: REST;

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
  discord = discordClient(sandbox);
});

beforeEach(() => sandbox.clear());

afterAll(() => sandbox.close());

const post = (body: object) => discord.post(Routes.channelMessages(DISCORD_CHANNEL), { body });

async function refusal(body: object): Promise<DiscordAPIError> {
  const error = await rejection(post(body));
  if (!(error instanceof DiscordAPIError)) throw error;
  return error;
}

const list = <T>(length: number, make: () => T) => Array.from({ length }, make);
const field = (name: string, value: string) => ({ name, value });
const embed = (more: object) => ({ embeds: [{ title: "Title", ...more }] });
const row = (...components: object[]) => ({ content: "x", components: [{ type: 1, components }] });
const link = { type: 2, style: 5, label: "Go", url: "https://example.com/" };

test.each<[string, object]>([
  ["nothing at all", {}],
  ["an empty content", { content: "" }],
  ["nothing but spaces", { content: " \n " }],
  ["empty lists", { embeds: [], components: [] }],
])("a message of %s is empty", async (_case, body) => {
  const error = await refusal(body);

  expect(error).toMatchObject({
    code: 50006,
    status: 400,
    message: "Cannot send an empty message",
  });
});

test.each<[string, object, string]>([
  [
    "content over 2,000 characters",
    { content: "x".repeat(2_001) },
    "content[BASE_TYPE_MAX_LENGTH]: Must be 2000 or fewer in length.",
  ],
  [
    "content that is no text",
    { content: { a: 1 } },
    'content[STRING_TYPE_CONVERT]: Could not interpret "{"a":1}" as string.',
  ],
  [
    "11 embeds",
    { embeds: list(11, () => ({ title: "x" })) },
    "embeds[BASE_TYPE_MAX_LENGTH]: Must be 10 or fewer in length.",
  ],
  [
    "embeds that are no list",
    { content: "x", embeds: {} },
    "embeds[LIST_TYPE_CONVERT]: Only iterables may be used in a ListType",
  ],
  [
    "an embed that is no object",
    { embeds: ["x"] },
    "embeds[0][MODEL_TYPE_CONVERT]: Only dictionaries may be used in a ModelType",
  ],
  [
    "an embed with nothing in it",
    { embeds: [{}] },
    "embeds[0].description[BASE_TYPE_REQUIRED]: This field is required",
  ],
  [
    "a title over 256 characters",
    embed({ title: "x".repeat(257) }),
    "embeds[0].title[BASE_TYPE_MAX_LENGTH]: Must be 256 or fewer in length.",
  ],
  [
    "a description over 4,096 characters",
    embed({ description: "x".repeat(4_097) }),
    "embeds[0].description[BASE_TYPE_MAX_LENGTH]: Must be 4096 or fewer in length.",
  ],
  [
    "26 fields",
    embed({ fields: list(26, () => field("n", "v")) }),
    "embeds[0].fields[BASE_TYPE_MAX_LENGTH]: Must be 25 or fewer in length.",
  ],
  [
    "a field without a value",
    embed({ fields: [{ name: "n" }] }),
    "embeds[0].fields[0].value[BASE_TYPE_REQUIRED]: This field is required",
  ],
  [
    "a field with an empty name",
    embed({ fields: [field(" ", "v")] }),
    "embeds[0].fields[0].name[BASE_TYPE_REQUIRED]: This field is required",
  ],
  [
    "a field's name over 256 characters",
    embed({ fields: [field("x".repeat(257), "v")] }),
    "embeds[0].fields[0].name[BASE_TYPE_MAX_LENGTH]: Must be 256 or fewer in length.",
  ],
  [
    "a field's value over 1,024 characters",
    embed({ fields: [field("n", "x".repeat(1_025))] }),
    "embeds[0].fields[0].value[BASE_TYPE_MAX_LENGTH]: Must be 1024 or fewer in length.",
  ],
  [
    "a footer over 2,048 characters",
    embed({ footer: { text: "x".repeat(2_049) } }),
    "embeds[0].footer.text[BASE_TYPE_MAX_LENGTH]: Must be 2048 or fewer in length.",
  ],
  [
    "a footer without a text",
    embed({ footer: {} }),
    "embeds[0].footer.text[BASE_TYPE_REQUIRED]: This field is required",
  ],
  [
    "an author over 256 characters",
    embed({ author: { name: "x".repeat(257) } }),
    "embeds[0].author.name[BASE_TYPE_MAX_LENGTH]: Must be 256 or fewer in length.",
  ],
  [
    "a color that is none",
    embed({ color: "#ffae35" }),
    'embeds[0].color[NUMBER_TYPE_COERCE]: Value "#ffae35" is not int.',
  ],
  [
    "a color out of range",
    embed({ color: 0x1000000 }),
    "embeds[0].color[NUMBER_TYPE_MAX]: int value should be less than or equal to 16777215.",
  ],
  [
    "a URL that is none",
    embed({ url: "example" }),
    "embeds[0].url[URL_TYPE_INVALID_URL]: Not a well formed URL.",
  ],
  [
    "a URL of another scheme",
    embed({ url: "javascript:alert(1)" }),
    `embeds[0].url[URL_TYPE_INVALID_SCHEME]: Scheme "javascript" must be one of ('http', 'https').`,
  ],
  [
    "a timestamp that is none",
    embed({ timestamp: "yesterday" }),
    "embeds[0].timestamp[DATE_TIME_TYPE_PARSE]: Could not parse yesterday. Should be ISO8601.",
  ],
  [
    "embeds over 6,000 characters together",
    { embeds: list(2, () => ({ description: "x".repeat(3_001) })) },
    "embeds[MAX_EMBED_SIZE_EXCEEDED]: Embed size exceeds maximum size of 6000",
  ],
  [
    "a nonce over 25 characters",
    { content: "x", nonce: "x".repeat(26) },
    "nonce[BASE_TYPE_MAX_LENGTH]: Must be 25 or fewer in length.",
  ],
  [
    "a kind of mention that does not exist",
    { content: "x", allowed_mentions: { parse: ["all"] } },
    "allowed_mentions.parse[0][BASE_TYPE_CHOICES]: Value must be one of ('users', 'roles', 'everyone').",
  ],
  [
    "all users and some",
    { content: "x", allowed_mentions: { parse: ["users"], users: ["1"] } },
    'allowed_mentions[MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE]: parse:["users"] and users: [ids...] are mutually exclusive.',
  ],
  [
    "101 roles",
    { content: "x", allowed_mentions: { roles: list(101, () => "1") } },
    "allowed_mentions.roles[BASE_TYPE_MAX_LENGTH]: Must be 100 or fewer in length.",
  ],
  [
    "6 rows of components",
    { content: "x", components: list(6, () => ({ type: 1, components: [link] })) },
    "components[BASE_TYPE_MAX_LENGTH]: Must be 5 or fewer in length.",
  ],
  [
    "6 buttons in a row",
    row(...list(6, () => link)),
    "components[0].components[BASE_TYPE_BAD_LENGTH]: Must be between 1 and 5 in length.",
  ],
  [
    "a button outside of a row",
    { content: "x", components: [link] },
    "components[0].type[BASE_TYPE_CHOICES]: Value must be one of (1,).",
  ],
  [
    "a label over 80 characters",
    row({ ...link, label: "x".repeat(81) }),
    "components[0].components[0].label[BASE_TYPE_MAX_LENGTH]: Must be 80 or fewer in length.",
  ],
  [
    "a button's URL over 512 characters",
    row({ ...link, url: `https://example.com/${"x".repeat(512)}` }),
    "components[0].components[0].url[BASE_TYPE_MAX_LENGTH]: Must be 512 or fewer in length.",
  ],
  [
    "a link button without a URL",
    row({ type: 2, style: 5, label: "Go" }),
    "components[0].components[0][BUTTON_COMPONENT_URL_REQUIRED]: A url is required",
  ],
  [
    "a link button with a custom id",
    row({ ...link, custom_id: "a" }),
    "components[0].components[0][BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE]: A custom id and url cannot both be specified",
  ],
  [
    "a button without a custom id",
    row({ type: 2, style: 1, label: "Go" }),
    "components[0].components[0][BUTTON_COMPONENT_CUSTOM_ID_REQUIRED]: A custom id is required",
  ],
  [
    "content beside new components",
    { content: "x", flags: 32_768, components: [{ type: 10, content: "y" }] },
    "content[MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2]: The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
  ],
  [
    "too much text in new components",
    { flags: 32_768, components: [{ type: 10, content: "x".repeat(4_001) }] },
    "components[COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED]: Displayable text size exceeds maximum size of 4000",
  ],
])("%s is refused at its place", async (_case, body, detail) => {
  const error = await refusal(body);

  expect(error).toMatchObject({ code: 50035, status: 400 });
  expect(error.message).toBe(`Invalid Form Body\n${detail}`);
  expect(sandbox.refused).toMatchObject([{ code: "50035", details: [detail] }]);
  expect(sandbox.messages).toEqual([]);
});

test("everything that is wrong is told at once, as a tree", async () => {
  const error = await refusal({
    content: "x".repeat(2_001),
    embeds: [{ title: "fine" }, { title: "x".repeat(257), fields: [{ name: "n" }] }],
  });

  expect(error.rawError).toEqual({
    message: "Invalid Form Body",
    code: 50035,
    errors: {
      content: {
        _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }],
      },
      embeds: {
        "1": {
          title: {
            _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 256 or fewer in length." }],
          },
          fields: {
            "0": {
              value: {
                _errors: [{ code: "BASE_TYPE_REQUIRED", message: "This field is required" }],
              },
            },
          },
        },
      },
    },
  });
});

test("a message with each text at its limit is taken", async () => {
  const answer = await post({
    content: "x".repeat(2_000),
    nonce: "x".repeat(25),
    embeds: [
      { title: "x".repeat(256), description: `${"x".repeat(4_096)}   `, color: 0xffffff },
      { fields: [field("x".repeat(256), "x".repeat(1_024))] },
    ],
    components: [{ type: 1, components: list(5, () => ({ ...link, label: "x".repeat(80) })) }],
  });

  expect(answer).toHaveProperty("id");
});
