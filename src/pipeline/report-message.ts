import type { Block, Inline, Message } from "../core/message.ts";
import type { DueReport } from "../store/store.ts";

/** The most causes that one message spells out; ours: beyond it nobody reads on. */
const MAX_LISTED = 12;

/** One message for everything that the operator is to be told now; `reports` holds at least one. */
export function reportMessage(reports: readonly DueReport[], now: number): Message {
  const lines = reports.slice(0, MAX_LISTED).map(line);
  const hidden = reports.length - lines.length;
  const more = hidden === 0 ? [] : [`And ${hidden} more: the log has them.`];
  const [only] = lines;
  const summary =
    lines.length === 1 && only !== undefined ? only : `${reports.length} things need attention.`;
  return {
    summary: [text(`Bellhop: ${summary}`)],
    title: [text("Bellhop needs attention")],
    link: null,
    tone: "warning",
    body: lines.length === 1 ? lines.map(paragraph) : [list([...lines, ...more])],
    fields: [],
    buttons: [],
    footer: [],
    time: new Date(now).toISOString(),
    native: null,
  };
}

function line({ text: told, count }: DueReport): string {
  return count === 1 ? told : `${told} (${count} times.)`;
}

function list(lines: readonly string[]): Block {
  return { type: "list", ordered: false, start: 1, items: lines.map((one) => [paragraph(one)]) };
}

function paragraph(value: string): Block {
  return { type: "paragraph", children: [text(value)] };
}

function text(value: string): Inline {
  return { type: "text", value };
}
