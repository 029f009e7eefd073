import type { Json, JsonObject } from "../../core/json.ts";
import { quoted } from "../json.ts";
import type { Form, Path } from "./form.ts";

/** Discord's limits on embeds. https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const LIMITS = {
  embeds: 10,
  title: 256,
  description: 4096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1024,
  footer: 2048,
  author: 256,
  /** Of all embeds of a message together, measured after trimming. */
  total: 6000,
  color: 0xffffff,
  url: 2048,
} as const;

const PAGE_SCHEMES = ["http", "https"];
const FILE_SCHEMES = ["http", "https", "attachment"];

/** Notes what Discord has against the embeds of a message. */
export function checkEmbeds(form: Form, embeds: Json | undefined): void {
  let total = 0;
  for (const [index, embed] of form.objects(["embeds"], embeds, { max: LIMITS.embeds }))
    total += checkEmbed(form, ["embeds", index], embed);
  if (total > LIMITS.total) {
    const message = `Embed size exceeds maximum size of ${LIMITS.total}`;
    form.fail(["embeds"], "MAX_EMBED_SIZE_EXCEEDED", message);
  }
}

/** The characters that count toward the sum. */
function checkEmbed(form: Form, path: Path, embed: JsonObject): number {
  const title = form.string([...path, "title"], embed["title"], { max: LIMITS.title });
  const description = form.string([...path, "description"], embed["description"], {
    max: LIMITS.description,
  });
  form.url([...path, "url"], embed["url"], PAGE_SCHEMES, LIMITS.url);
  form.integer([...path, "color"], embed["color"], { min: 0, max: LIMITS.color });
  checkTimestamp(form, [...path, "timestamp"], embed["timestamp"]);
  const footer = checkNamed(form, path, embed, "footer", "text", LIMITS.footer);
  const author = checkNamed(form, path, embed, "author", "name", LIMITS.author);
  for (const picture of ["image", "thumbnail"]) {
    const object = form.object([...path, picture], embed[picture]);
    if (object !== undefined)
      form.url([...path, picture, "url"], object["url"], FILE_SCHEMES, LIMITS.url);
  }
  const fields = checkFields(form, [...path, "fields"], embed["fields"]);
  const total = title.length + description.length + footer + author + fields;
  if (total === 0 && embed["image"] === undefined && embed["thumbnail"] === undefined)
    form.required([...path, "description"]);
  return total;
}

function checkFields(form: Form, path: Path, fields: Json | undefined): number {
  let total = 0;
  for (const [index, field] of form.objects(path, fields, { max: LIMITS.fields })) {
    for (const [key, max] of [
      ["name", LIMITS.fieldName],
      ["value", LIMITS.fieldValue],
    ] as const) {
      const text = form.string([...path, index, key], field[key], { max });
      if (text === "") form.required([...path, index, key]);
      total += text.length;
    }
  }
  return total;
}

/** A footer or an author: an object with a text that is required, and pictures. */
function checkNamed(
  form: Form,
  path: Path,
  embed: JsonObject,
  name: string,
  key: string,
  max: number,
): number {
  const object = form.object([...path, name], embed[name]);
  if (object === undefined) return 0;
  const text = form.string([...path, name, key], object[key], { max });
  if (text === "") form.required([...path, name, key]);
  form.url([...path, name, "icon_url"], object["icon_url"], FILE_SCHEMES, LIMITS.url);
  return text.length;
}

function checkTimestamp(form: Form, path: Path, value: Json | undefined): void {
  if (value === undefined || value === null) return;
  const isIso = typeof value === "string" && /^\d{4}-\d\d-\d\d([T ]|$)/.test(value);
  if (isIso && !Number.isNaN(Date.parse(value))) return;
  const message = `Could not parse ${quoted(value)}. Should be ISO8601.`;
  form.fail(path, "DATE_TIME_TYPE_PARSE", message);
}
