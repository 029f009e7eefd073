import { diffArrays } from "diff";
import type { RehearsedMessage, Stage } from "../../pipeline/rehearse.ts";
import type { Sides } from "../../pipeline/compare.ts";
import { messageLines } from "../../sandbox/terminal/message-lines.ts";
import type { Example } from "./tally.ts";

/** How wide the lines of messages are, in columns; ours: most sentences fit, so that they differ in one line. */
const WIDTH = 100;

/** The texts of an example: what people would read by each config, and how that differs. */
export interface Texts extends Sides<readonly string[] | null> {
  /** The sentence that notifications show, by the other config where it sends one. */
  readonly summary: string;
  /** Lines that begin with `- `, `+ ` or two spaces; `null` unless both configs send a message. */
  readonly diff: readonly string[] | null;
}

/** The texts of a message that differs, seen when its event was received. */
export function textsOf(example: Example, stages: Sides<Stage>): Texts {
  const today = example.today && linesOf(example.today, stages.today, example.receivedAt);
  const other = example.other && linesOf(example.other, stages.other, example.receivedAt);
  const [summary = ""] = other ?? today ?? [];
  const { today: before, other: after } = example;
  if (before === null || after === null || today === null || other === null)
    return { summary, today, other, diff: null };
  const isSameText = today.join("\n") === other.join("\n");
  const diff = isSameText
    ? diffOf(jsonLines(before.request.body), jsonLines(after.request.body))
    : diffOf(today, other);
  return { summary, today, other, diff };
}

function linesOf(message: RehearsedMessage, { destinations }: Stage, seenAt: number): string[] {
  const platform = destinations.get(message.destination)?.platform ?? "slack";
  return messageLines({ platform, body: message.request.body, seenAt }, WIDTH);
}

/** For what no text shows, such as a color or a link. */
function jsonLines(body: object): string[] {
  return JSON.stringify(body, null, 2).split("\n");
}

/** How many lines around a difference are shown; as `diff` and git have it. */
const CONTEXT = 3;

function diffOf(before: readonly string[], after: readonly string[]): string[] {
  const lines = diffArrays([...before], [...after]).flatMap(({ added, removed, value }) => {
    const mark = added ? "+ " : removed ? "- " : "  ";
    return value.map((line) => (mark + line).trimEnd());
  });
  const isNear = (at: number) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some((line) => /^[+-]/.test(line));
  return lines.flatMap((line, at) => {
    if (isNear(at)) return [line];
    return at === 0 || isNear(at - 1) ? ["  …"] : [];
  });
}
