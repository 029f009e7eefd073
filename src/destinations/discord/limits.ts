/**
 * The most characters of `content`.
 * https://docs.discord.com/developers/resources/message#create-message
 */
export const MAX_CONTENT_CHARS = 2000;

/**
 * The most embeds in a message, and the most characters and fields in them; `sum` is over all embeds together.
 * https://docs.discord.com/developers/resources/message#embed-object-embed-limits
 */
export const EMBED = {
  embeds: 10,
  title: 256,
  description: 4096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1024,
  footer: 2048,
  author: 256,
  sum: 6000,
} as const;

/**
 * The most characters in an address inside an embed.
 * https://docs.discord.com/developers/resources/message#embed-object
 */
export const MAX_URL_CHARS = 2048;

/**
 * The largest color.
 * https://docs.discord.com/developers/resources/message#embed-object
 */
export const MAX_COLOR = 0xff_ff_ff;

/**
 * The most rows of buttons, buttons in a row, and characters in a button.
 * https://docs.discord.com/developers/components/reference
 */
export const BUTTONS = { rows: 5, perRow: 5, label: 80, url: 512 } as const;

/**
 * The most characters of a nonce.
 * https://docs.discord.com/developers/resources/message#create-message
 */
export const MAX_NONCE_CHARS = 25;
