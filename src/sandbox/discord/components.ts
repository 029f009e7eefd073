import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../json.ts";
import type { Form, Path } from "./form.ts";

/** Discord's limits on components. https://docs.discord.com/developers/components/reference */
const LIMITS = {
  rows: 5,
  buttons: 5,
  label: 80,
  customId: 100,
  buttonUrl: 512,
  /** Of a message made of components only. */
  v2Components: 40,
  v2Text: 4000,
} as const;

const ACTION_ROW = 1;
const BUTTON = 2;
const LINK_STYLE = 5;
const PREMIUM_STYLE = 6;
const LINK_SCHEMES = ["http", "https", "discord"];

/** Notes what Discord has against the components of a message. */
export function checkComponents(form: Form, components: Json | undefined, isV2: boolean): void {
  const max = isV2 ? LIMITS.v2Components : LIMITS.rows;
  const rows = form.objects(["components"], components, { max });
  if (isV2) return checkV2(form, components);
  for (const [index, row] of rows) checkRow(form, ["components", index], row);
}

function checkRow(form: Form, path: Path, row: JsonObject): void {
  if (row["type"] !== ACTION_ROW)
    return form.fail([...path, "type"], "BASE_TYPE_CHOICES", "Value must be one of (1,).");
  const inner = [...path, "components"];
  if (row["components"] === undefined) return form.required(inner);
  const bounds = { min: 1, max: LIMITS.buttons };
  for (const [index, child] of form.objects(inner, row["components"], bounds)) {
    if (child["type"] === BUTTON) checkButton(form, [...inner, index], child);
  }
}

/** https://docs.discord.com/developers/components/reference#button */
function checkButton(form: Form, path: Path, button: JsonObject): void {
  const { style, url } = button;
  const customId = button["custom_id"];
  const label = form.string([...path, "label"], button["label"], { max: LIMITS.label });
  form.integer([...path, "style"], style ?? null, { min: 1, max: PREMIUM_STYLE });
  if (typeof style !== "number") return form.required([...path, "style"]);
  if (style === PREMIUM_STYLE) return;
  if (label === "" && button["emoji"] === undefined)
    form.fail(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required");
  if (style === LINK_STYLE) {
    form.url([...path, "url"], url, LINK_SCHEMES, LIMITS.buttonUrl);
    if (url === undefined) form.fail(path, "BUTTON_COMPONENT_URL_REQUIRED", "A url is required");
    if (customId !== undefined) exclusive(form, path);
    return;
  }
  form.string([...path, "custom_id"], customId, { max: LIMITS.customId });
  if (customId === undefined)
    form.fail(path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required");
  if (url !== undefined) exclusive(form, path);
}

function exclusive(form: Form, path: Path): void {
  const message = "A custom id and url cannot both be specified";
  form.fail(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message);
}

function checkV2(form: Form, components: Json | undefined): void {
  const found = { count: 0, text: 0 };
  count(components ?? [], found);
  if (found.count > LIMITS.v2Components) {
    const message = `Total number of components cannot exceed ${LIMITS.v2Components}`;
    form.fail(["components"], "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message);
  }
  if (found.text > LIMITS.v2Text) {
    const message = `Displayable text size exceeds maximum size of ${LIMITS.v2Text}`;
    form.fail(["components"], "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message);
  }
}

function count(value: Json, found: { count: number; text: number }): void {
  if (Array.isArray(value)) for (const one of value) count(one, found);
  if (!isJsonObject(value)) return;
  found.count += 1;
  if (typeof value["content"] === "string") found.text += value["content"].length;
  for (const key of ["components", "accessory"]) count(value[key] ?? null, found);
}
