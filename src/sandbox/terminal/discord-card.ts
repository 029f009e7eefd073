import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject, objectsIn, textOf } from "../json.ts";
import type { SandboxMessage } from "../message.ts";
import { columns } from "./columns.ts";
import { markdown } from "./markdown.ts";
import { momentOf } from "./moment.ts";
import { plain, type Line, type Look, type Span } from "./span.ts";
import { wrap, type Row } from "./wrap.ts";

/** The body of a message as Discord shows it: content, embeds, buttons; in `width` columns. */
export function discordRows(message: SandboxMessage, width: number): Row[] {
  const { body, receivedAt, editedAt } = message;
  const content = textOf(body["content"]).trim();
  const text = content === "" ? [] : markdown(content, { hasLinks: true, nowMs: receivedAt });
  const edited: Line = { spans: [{ text: "(edited)", look: { dim: true } }] };
  return [
    ...wrap(editedAt === undefined ? text : [...text, edited], width),
    ...spaced(objectsIn(body["embeds"]).map((embed) => embedRows(embed, receivedAt, width))),
    ...objectsIn(body["components"]).flatMap((row) => componentRows(row, receivedAt, width)),
  ];
}

const BAR = "▌ ";
const NO_COLOR = 0x4f545c;

function embedRows(embed: JsonObject, nowMs: number, width: number): Row[] {
  const room = width - BAR.length;
  const color = typeof embed["color"] === "number" ? embed["color"] : NO_COLOR;
  const bar: Span = { text: BAR, look: { color } };
  const parts = [
    [
      ...authorRows(embed, room),
      ...titleRows(embed, nowMs, room),
      ...descriptionRows(embed, nowMs, room),
    ],
    ...fieldRows(objectsIn(embed["fields"]), nowMs, room),
    pictureRows(embed, room),
    footerRows(embed, room),
  ].filter((rows) => rows.length > 0);
  return spaced(parts).map((row) => (row.length === 0 ? [{ ...bar, text: "▌" }] : [bar, ...row]));
}

/** The parts one below the other, with an empty row between them. */
function spaced(parts: readonly (readonly Row[])[]): Row[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [[], ...part]));
}

function authorRows(embed: JsonObject, width: number): Row[] {
  const name = nested(embed["author"], "name");
  return name === "" ? [] : wrap([{ spans: [{ text: name, look: { bold: true } }] }], width);
}

function titleRows(embed: JsonObject, nowMs: number, width: number): Row[] {
  const title = textOf(embed["title"]).trim();
  if (title === "") return [];
  const { url } = embed;
  const look: Look = typeof url === "string" ? { bold: true, href: url } : { bold: true };
  return wrap(looking(markdown(title, { hasLinks: false, nowMs }), look), width);
}

function descriptionRows(embed: JsonObject, nowMs: number, width: number): Row[] {
  const description = textOf(embed["description"]).trim();
  return description === "" ? [] : wrap(markdown(description, { hasLinks: true, nowMs }), width);
}

/** Inline fields stand in rows of up to three, every other one alone. */
function fieldRows(fields: readonly JsonObject[], nowMs: number, width: number): Row[][] {
  const groups: JsonObject[][] = [];
  for (const field of fields) {
    const group = groups.at(-1);
    const isInline = field["inline"] === true;
    if (isInline && group !== undefined && group.length < 3 && group[0]?.["inline"] === true)
      group.push(field);
    else groups.push([field]);
  }
  return groups.map((group) => {
    const cells = group.map((field) => [
      ...looking(markdown(textOf(field["name"]).trim(), { hasLinks: false, nowMs }), {
        bold: true,
      }),
      ...markdown(textOf(field["value"]).trim(), { hasLinks: true, nowMs }),
    ]);
    return columns(cells, width, group.length);
  });
}

function pictureRows(embed: JsonObject, width: number): Row[] {
  const urls = [nested(embed["image"], "url"), nested(embed["thumbnail"], "url")];
  const shown = urls.filter((url) => url !== "");
  return wrap(
    shown.map((url) => ({ spans: [{ text: `[image: ${url}]`, look: { dim: true } }] })),
    width,
  );
}

/** The footer renders no markdown. */
function footerRows(embed: JsonObject, width: number): Row[] {
  const moment = momentOf(Date.parse(textOf(embed["timestamp"])));
  const day = moment && `${String(moment.day).padStart(2, "0")}/${moment.month}/${moment.year}`;
  const shown = [
    nested(embed["footer"], "text"),
    moment === undefined ? "" : `${day} ${moment.time}`,
  ];
  const text = shown.filter((part) => part !== "").join(" • ");
  return text === "" ? [] : wrap([{ spans: [{ text, look: { dim: true } }] }], width);
}

function componentRows(component: JsonObject, nowMs: number, width: number): Row[] {
  const content = textOf(component["content"]);
  if (content !== "") return wrap(markdown(content, { hasLinks: true, nowMs }), width);
  const children = objectsIn(component["components"]);
  const buttons = children.filter((child) => child["type"] === 2);
  if (buttons.length === 0) return children.flatMap((child) => componentRows(child, nowMs, width));
  const spans = buttons.flatMap((button, index) => {
    const { url } = button;
    const label = textOf(button["label"]);
    const shown: Span =
      typeof url === "string"
        ? { text: `${label} ↗`, look: { bold: true, href: url } }
        : { text: label, look: { bold: true } };
    return [plain(index === 0 ? "[ " : "  [ "), shown, plain(" ]")];
  });
  return wrap([{ spans }], width);
}

function looking(lines: readonly Line[], look: Look): Line[] {
  return lines.map((line) => ({
    ...line,
    spans: line.spans.map((span) => ({ text: span.text, look: { ...span.look, ...look } })),
  }));
}

function nested(object: Json | undefined, key: string): string {
  return isJsonObject(object) ? textOf(object[key]).trim() : "";
}
