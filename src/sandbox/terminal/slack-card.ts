import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject, objectsIn, textOf } from "../json.ts";
import type { SandboxMessage } from "../message.ts";
import { columns } from "./columns.ts";
import { markdown } from "./markdown.ts";
import { mrkdwn, plainText } from "./mrkdwn.ts";
import { plain, type Line } from "./span.ts";
import { wrap, type Row } from "./wrap.ts";

/** The body of a message as Slack shows it: its blocks, or its text where it has none; in `width` columns. */
export function slackRows(message: SandboxMessage, width: number): Row[] {
  const { body, receivedAt, editedAt } = message;
  const blocks = objectsIn(body["blocks"]);
  if (blocks.length > 0) {
    const shown = blocks.map((block) => blockRows(block, receivedAt, width));
    return shown.flatMap((rows, index) => (index === 0 ? rows : [[], ...rows]));
  }
  const text = mrkdwn(textOf(body["text"]), { isVerbatim: false, nowMs: receivedAt });
  const edited: Line = { spans: [{ text: "(edited)", look: { dim: true } }] };
  return wrap(editedAt === undefined ? text : [...text, edited], width);
}

function blockRows(block: JsonObject, nowMs: number, width: number): Row[] {
  switch (textOf(block["type"])) {
    case "section":
      return sectionRows(block, nowMs, width);
    case "header":
      return wrap(strong(textLines(block["text"], nowMs)), width);
    case "context":
      return contextRows(block, nowMs, width);
    case "actions":
      return wrap([buttonLine(objectsIn(block["elements"]), nowMs)], width);
    case "divider":
      return [[{ text: "─".repeat(width), look: { dim: true } }]];
    case "image":
      return wrap([pictureLine(block)], width);
    case "markdown":
      return wrap(markdown(textOf(block["text"]), { hasLinks: true, nowMs }), width);
    default:
      return wrap([{ spans: [plain(`[${textOf(block["type"])}]`)] }], width);
  }
}

function sectionRows(block: JsonObject, nowMs: number, width: number): Row[] {
  const { text, accessory } = block;
  const fields = objectsIn(block["fields"]).map((field) => textLines(field, nowMs));
  const rows = text === undefined ? [] : wrap(textLines(text, nowMs), width);
  for (let at = 0; at < fields.length; at += 2) {
    if (rows.length > 0) rows.push([]);
    rows.push(...columns(fields.slice(at, at + 2), width, 2));
  }
  if (!isJsonObject(accessory)) return rows;
  const line =
    accessory["type"] === "image" ? pictureLine(accessory) : buttonLine([accessory], nowMs);
  return [...rows, ...wrap([line], width)];
}

function contextRows(block: JsonObject, nowMs: number, width: number): Row[] {
  const shown = objectsIn(block["elements"]).map((element) =>
    element["type"] === "image" ? [pictureLine(element)] : textLines(element, nowMs),
  );
  const spans = shown.flatMap((lines, index) => [
    ...(index === 0 ? [] : [plain("  ")]),
    ...lines.flatMap((line) => line.spans),
  ]);
  return wrap(
    [{ spans: spans.map(({ text, look }) => ({ text, look: { ...look, dim: true } })) }],
    width,
  );
}

function textLines(object: Json | undefined, nowMs: number): Line[] {
  if (!isJsonObject(object)) return [];
  const text = textOf(object["text"]);
  if (object["type"] !== "mrkdwn") return plainText(text, object["emoji"] !== false);
  return mrkdwn(text, { isVerbatim: object["verbatim"] === true, nowMs });
}

function strong(lines: readonly Line[]): Line[] {
  return lines.map((line) => ({
    spans: line.spans.map(({ text, look }) => ({ text, look: { ...look, bold: true } })),
  }));
}

function buttonLine(elements: readonly JsonObject[], nowMs: number): Line {
  const spans = elements.flatMap((element, index) => {
    const label = textLines(element["text"], nowMs).flatMap((line) => line.spans);
    const shown = label.map(({ text }) => text).join(" ");
    return [plain(index === 0 ? "[ " : "  [ "), linkTo(shown, element["url"]), plain(" ]")];
  });
  return { spans };
}

function linkTo(text: string, url: Json | undefined) {
  return typeof url === "string"
    ? { text, look: { bold: true, href: url } }
    : { text, look: { bold: true } };
}

function pictureLine(image: JsonObject): Line {
  return { spans: [{ text: `[image: ${textOf(image["alt_text"])}]`, look: { dim: true } }] };
}
