/**
 * The most characters of `text`: Slack advises 4,000 and cuts above 40,000.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
export const MAX_TEXT_CHARS = 4000;

/**
 * The most blocks in one message.
 * https://docs.slack.dev/reference/block-kit/blocks
 */
export const MAX_BLOCKS = 50;

/** The most characters of all text in a message's blocks: undocumented, accepted at 9,600 and refused at 11,300. */
export const MAX_BLOCK_CHARS = 9000;

/**
 * The most characters in the text of a section, and in each of its fields, and the most fields.
 * https://docs.slack.dev/reference/block-kit/blocks/section-block
 */
export const SECTION = { text: 3000, field: 2000, fields: 10 } as const;

/**
 * The most characters in a header.
 * https://docs.slack.dev/reference/block-kit/blocks/header-block
 */
export const MAX_HEADER_CHARS = 150;

/**
 * The most elements in a context block.
 * https://docs.slack.dev/reference/block-kit/blocks/context-block
 */
export const MAX_CONTEXT_ELEMENTS = 10;

/**
 * The most elements in an actions block.
 * https://docs.slack.dev/reference/block-kit/blocks/actions-block
 */
export const MAX_ACTIONS = 25;

/**
 * The most characters in the parts of a button.
 * https://docs.slack.dev/reference/block-kit/block-elements/button-element
 */
export const BUTTON = {
  label: 75,
  value: 2000,
  url: 3000,
  actionId: 255,
  accessibilityLabel: 75,
} as const;

/**
 * The most characters in the parts of an image.
 * https://docs.slack.dev/reference/block-kit/blocks/image-block
 */
export const IMAGE = { url: 3000, altText: 2000, title: 2000 } as const;

/**
 * The most characters in any text object, which must not be empty either.
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object
 */
export const MAX_TEXT_OBJECT_CHARS = 3000;

/**
 * The most characters in a markdown block.
 * https://docs.slack.dev/reference/block-kit/blocks/markdown-block
 */
export const MAX_MARKDOWN_CHARS = 12_000;

/**
 * The most characters in a block's id.
 * https://docs.slack.dev/reference/block-kit/blocks
 */
export const MAX_BLOCK_ID_CHARS = 255;

/** The most characters of a title, of a field's label and of the footer, so that they leave room for the rest; ours. */
export const SHARE = { title: 300, label: 150, footer: 1000, link: 2000 } as const;
