import {
  BUTTON,
  IMAGE,
  MAX_ACTIONS,
  MAX_BLOCK_ID_CHARS,
  MAX_CONTEXT_ELEMENTS,
  MAX_HEADER_CHARS,
  MAX_MARKDOWN_CHARS,
  SECTION,
} from "./limits.ts";

/** The most characters of the text objects below a key. */
export const TEXT_LIMITS: { readonly [place: string]: number } = {
  "section.text": SECTION.text,
  "section.fields": SECTION.field,
  "header.text": MAX_HEADER_CHARS,
  "button.text": BUTTON.label,
  "image.title": IMAGE.title,
};

/** The most characters of a string at a key. */
export const STRING_LIMITS: { readonly [place: string]: number } = {
  "button.value": BUTTON.value,
  "button.url": BUTTON.url,
  "button.action_id": BUTTON.actionId,
  "button.accessibility_label": BUTTON.accessibilityLabel,
  "image.image_url": IMAGE.url,
  "image.alt_text": IMAGE.altText,
  "markdown.text": MAX_MARKDOWN_CHARS,
  block_id: MAX_BLOCK_ID_CHARS,
};

/** The most elements of the list at a key. */
export const COUNTS: { readonly [place: string]: number } = {
  "section.fields": SECTION.fields,
  "context.elements": MAX_CONTEXT_ELEMENTS,
  "actions.elements": MAX_ACTIONS,
};
