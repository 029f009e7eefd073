import { textOf } from "../json.ts";
import type { SandboxMessage } from "../message.ts";
import { box } from "./box.ts";
import { discordRows } from "./discord-card.ts";
import { momentOf } from "./moment.ts";
import { paint } from "./paint.ts";
import { slackRows } from "./slack-card.ts";
import { plain } from "./span.ts";
import { wrap, type Row } from "./wrap.ts";

/** How a card is drawn. */
export interface CardOptions {
  /** Columns of the terminal that the card takes; at least 24 are used. */
  readonly width: number;
  /** Whether ANSI sequences give looks, colors and links. */
  readonly color: boolean;
  /** What stands in its upper edge; platform and channel unless given. */
  readonly title?: string;
}

const LEAST_WIDTH = 24;
const MOST_WIDTH = 80;

/** A message as a person would see it in Slack or Discord, at the moment it arrived: rows of text, times in UTC. */
export function renderCard(message: SandboxMessage, options: CardOptions): string[] {
  const width = Math.max(LEAST_WIDTH, options.width);
  const room = width - 4;
  const rows = message.platform === "slack" ? slackRows(message, room) : discordRows(message, room);
  const card = box(options.title ?? titleOf(message), [...headRows(message, room), ...rows], width);
  return card.map((row) => paint(row, options.color));
}

/** The width of a card in a terminal: half of one that is wide enough for two, else all of it, and at most 80. */
export function cardWidth(columns: number): number {
  const room = columns >= SIDE_BY_SIDE ? Math.floor((columns - 2) / 2) : columns;
  return Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, room));
}

/** From so many columns on, two cards stand side by side. */
export const SIDE_BY_SIDE = 100;

const PLATFORM_NAMES = { slack: "Slack", discord: "Discord" } as const;

function titleOf({ platform, channel, kind }: SandboxMessage): string {
  const isId = /^(?:[CGD][A-Z0-9]{6,}|\d+)$/.test(channel);
  const shown = isId ? channel : `#${channel.replace(/^#/, "")}`;
  return [PLATFORM_NAMES[platform], shown, ...(kind === "webhook" ? ["webhook"] : [])].join(" · ");
}

function headRows({ body, receivedAt }: SandboxMessage, width: number): Row[] {
  const name = textOf(body["username"]) || "Bellhop";
  const spans = [
    { text: name, look: { bold: true } },
    plain(" "),
    { text: "APP", look: { inverse: true } },
    { text: `  ${momentOf(receivedAt)?.time ?? ""}`, look: { dim: true } },
  ];
  return wrap([{ spans }], width);
}
