import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject, objectsIn, quoted } from "../json.ts";
import { Shape } from "./shape.ts";

/** What is wrong with the blocks of a message, in Slack's words; empty when Slack takes them. */
export function checkBlocks(blocks: Json): string[] {
  const shape = new Shape();
  const list = shape.list("/blocks", blocks, { max: LIMITS.blocks });
  for (const [index, block] of list.entries()) checkBlock(shape, `/blocks/${index}`, block);
  shape.unique("/blocks", list, "block_id");
  return shape.problems;
}

/**
 * How much text all blocks of a message hold together, in characters.
 * Slack refuses too much of it without publishing how much that is.
 */
export function blockTextLength(value: Json): number {
  if (Array.isArray(value))
    return value.reduce<number>((sum, one) => sum + blockTextLength(one), 0);
  if (!isJsonObject(value)) return 0;
  return Object.entries(value).reduce((sum, [key, inner]) => {
    const own = key === "text" && typeof inner === "string" ? inner.length : blockTextLength(inner);
    return sum + own;
  }, 0);
}

/** Slack's limits. https://docs.slack.dev/reference/block-kit/blocks */
const LIMITS = {
  blocks: 50,
  sectionFields: 10,
  contextElements: 10,
  actionsElements: 25,
  tableRows: 100,
  tableCells: 20,
  sectionText: 3000,
  fieldText: 2000,
  headerText: 150,
  anyText: 3000,
  markdownText: 12_000,
  buttonText: 75,
  url: 3000,
  value: 2000,
  id: 255,
  altText: 2000,
} as const;

type Check = (shape: Shape, pointer: string, block: JsonObject) => void;

const BLOCKS: { readonly [type: string]: Check } = {
  section: checkSection,
  header: checkHeader,
  context: checkContext,
  actions: checkActions,
  image: checkImage,
  markdown: checkMarkdown,
  table: checkTable,
  rich_text: checkRichText,
  divider: (shape, pointer, block) => {
    shape.object(pointer, block, keys([]));
  },
};

/** Kinds of block that Slack takes and that are checked for their `block_id` only. */
const UNCHECKED_BLOCKS = new Set([
  "alert",
  "card",
  "carousel",
  "container",
  "context_actions",
  "data_table",
  "file",
  "input",
  "plan",
  "task_card",
  "video",
]);

function checkBlock(shape: Shape, pointer: string, block: Json): void {
  if (!isJsonObject(block)) return shape.fail(pointer, "must provide an object");
  const { type } = block;
  if (typeof type !== "string") return shape.fail(pointer, "missing required field: type");
  const check = BLOCKS[type];
  if (check !== undefined) check(shape, pointer, block);
  else if (!UNCHECKED_BLOCKS.has(type)) shape.fail(`${pointer}/type`, `unsupported type: ${type}`);
  shape.string(`${pointer}/block_id`, block["block_id"], { max: LIMITS.id });
}

function keys(required: readonly string[], optional: readonly string[] = []) {
  return { required: ["type", ...required], optional: ["block_id", ...optional] };
}

function checkSection(shape: Shape, pointer: string, block: JsonObject): void {
  if (!shape.object(pointer, block, keys([], ["text", "fields", "accessory", "expand"]))) return;
  const { text, fields, accessory } = block;
  if (text === undefined && fields === undefined)
    shape.fail(pointer, "must define either `text` or `fields`");
  if (text !== undefined) checkText(shape, `${pointer}/text`, text, LIMITS.sectionText);
  if (accessory !== undefined) checkElement(shape, `${pointer}/accessory`, accessory);
  if (fields === undefined) return;
  const list = shape.list(`${pointer}/fields`, fields, { min: 1, max: LIMITS.sectionFields });
  for (const [index, field] of list.entries())
    checkText(shape, `${pointer}/fields/${index}`, field, LIMITS.fieldText);
}

function checkHeader(shape: Shape, pointer: string, block: JsonObject): void {
  if (!shape.object(pointer, block, keys(["text"]))) return;
  checkPlainText(shape, `${pointer}/text`, block["text"], LIMITS.headerText);
}

function checkContext(shape: Shape, pointer: string, block: JsonObject): void {
  if (!shape.object(pointer, block, keys(["elements"]))) return;
  const bounds = { min: 1, max: LIMITS.contextElements };
  const list = shape.list(`${pointer}/elements`, block["elements"], bounds);
  for (const [index, element] of list.entries()) {
    const at = `${pointer}/elements/${index}`;
    if (isJsonObject(element) && element["type"] === "image") checkImageElement(shape, at, element);
    else checkText(shape, at, element, LIMITS.anyText);
  }
}

function checkActions(shape: Shape, pointer: string, block: JsonObject): void {
  if (!shape.object(pointer, block, keys(["elements"]))) return;
  const bounds = { min: 1, max: LIMITS.actionsElements };
  const list = shape.list(`${pointer}/elements`, block["elements"], bounds);
  for (const [index, element] of list.entries())
    checkElement(shape, `${pointer}/elements/${index}`, element);
  shape.unique(`${pointer}/elements`, list, "action_id");
}

function checkImage(shape: Shape, pointer: string, block: JsonObject): void {
  if (!shape.object(pointer, block, keys(["alt_text"], ["image_url", "slack_file", "title"])))
    return;
  checkPicture(shape, pointer, block);
  if (block["title"] !== undefined)
    checkPlainText(shape, `${pointer}/title`, block["title"], LIMITS.altText);
}

function checkMarkdown(shape: Shape, pointer: string, block: JsonObject): void {
  if (!shape.object(pointer, block, keys(["text"]))) return;
  shape.string(`${pointer}/text`, block["text"], { min: 1, max: LIMITS.markdownText });
}

function checkTable(shape: Shape, pointer: string, block: JsonObject): void {
  if (!shape.object(pointer, block, keys(["rows"], ["column_settings"]))) return;
  const rows = shape.list(`${pointer}/rows`, block["rows"], { min: 1, max: LIMITS.tableRows });
  for (const [index, row] of rows.entries())
    shape.list(`${pointer}/rows/${index}`, row, { min: 1, max: LIMITS.tableCells });
}

function checkRichText(shape: Shape, pointer: string, block: JsonObject): void {
  if (!shape.object(pointer, block, keys(["elements"]))) return;
  if (objectsIn(block["elements"]).length === 0)
    shape.fail(`${pointer}/elements`, "must provide an array");
}

const ELEMENTS: { readonly [type: string]: Check } = {
  button: checkButton,
  image: checkImageElement,
};

/** Interactive elements that Slack takes in messages and that are not checked further. */
const UNCHECKED_ELEMENTS = new Set([
  "channels_select",
  "checkboxes",
  "conversations_select",
  "datepicker",
  "datetimepicker",
  "external_select",
  "multi_channels_select",
  "multi_conversations_select",
  "multi_external_select",
  "multi_static_select",
  "multi_users_select",
  "overflow",
  "radio_buttons",
  "static_select",
  "timepicker",
  "users_select",
  "workflow_button",
]);

function checkElement(shape: Shape, pointer: string, element: Json): void {
  if (!isJsonObject(element)) return shape.fail(pointer, "must provide an object");
  const type = quoted(element["type"]);
  const check = ELEMENTS[type];
  if (check !== undefined) check(shape, pointer, element);
  else if (!UNCHECKED_ELEMENTS.has(type))
    shape.fail(`${pointer}/type`, `unsupported type: ${type}`);
}

function checkButton(shape: Shape, pointer: string, button: JsonObject): void {
  const optional = ["action_id", "url", "value", "style", "confirm", "accessibility_label"];
  if (!shape.object(pointer, button, { required: ["type", "text"], optional })) return;
  checkPlainText(shape, `${pointer}/text`, button["text"], LIMITS.buttonText);
  shape.string(`${pointer}/action_id`, button["action_id"], { max: LIMITS.id });
  shape.string(`${pointer}/value`, button["value"], { max: LIMITS.value });
  const label = button["accessibility_label"];
  shape.string(`${pointer}/accessibility_label`, label, { max: LIMITS.buttonText });
  checkUrl(shape, `${pointer}/url`, button["url"]);
  const { style } = button;
  if (style !== undefined && style !== "primary" && style !== "danger")
    shape.fail(`${pointer}/style`, "must be one of [primary, danger]");
}

function checkImageElement(shape: Shape, pointer: string, element: JsonObject): void {
  const optional = ["image_url", "slack_file"];
  if (shape.object(pointer, element, { required: ["type", "alt_text"], optional }))
    checkPicture(shape, pointer, element);
}

function checkPicture(shape: Shape, pointer: string, image: JsonObject): void {
  if (image["image_url"] === undefined && image["slack_file"] === undefined)
    shape.fail(pointer, "must define either `image_url` or `slack_file`");
  shape.string(`${pointer}/alt_text`, image["alt_text"], { min: 1, max: LIMITS.altText });
  checkUrl(shape, `${pointer}/image_url`, image["image_url"]);
}

function checkUrl(shape: Shape, pointer: string, url: Json | undefined): void {
  shape.string(pointer, url, { min: 1, max: LIMITS.url });
  if (typeof url === "string" && url !== "" && !URL.canParse(url))
    shape.fail(pointer, "must be a valid URL");
}

/** A text object where Slack takes either kind; a bad one fails as a whole and then in its part. */
function checkText(shape: Shape, pointer: string, text: Json, max: number): void {
  const inner = new Shape();
  const type = isJsonObject(text) ? text["type"] : undefined;
  const optional = type === "plain_text" ? ["emoji"] : ["verbatim"];
  if (inner.object(pointer, text, { required: ["type", "text"], optional })) {
    if (type !== "plain_text" && type !== "mrkdwn")
      inner.fail(`${pointer}/type`, `unsupported type: ${quoted(type)}`);
    inner.string(`${pointer}/text`, text["text"], { min: 1, max });
  }
  if (inner.problems.length > 0) shape.fail(pointer, "failed to match all allowed schemas");
  shape.problems.push(...inner.problems);
}

function checkPlainText(shape: Shape, pointer: string, text: Json | undefined, max: number): void {
  if (!shape.object(pointer, text, { required: ["type", "text"], optional: ["emoji"] })) return;
  if (text["type"] !== "plain_text")
    shape.fail(`${pointer}/type`, `unsupported type: ${quoted(text["type"])}`);
  shape.string(`${pointer}/text`, text["text"], { min: 1, max });
}
