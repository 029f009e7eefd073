import type { Facts } from "../core/facts.ts";
import type { Block, Message } from "../core/message.ts";
import { defaultsOf } from "./defaults.ts";
import { inlinesOf } from "./value.ts";

/** The name that stands for the rendering without a template. */
export const BUILT_IN = "built-in";

/** The message of an event without any template, for when a template fails: plain, and true of every event. */
export function renderBuiltIn(facts: Facts): Message {
  const lines = facts.changes.map((change): Block[] => {
    const children = inlinesOf(change.summary);
    return children.length === 0 ? [] : [{ type: "paragraph", children }];
  });
  const items = lines.filter((line) => line.length > 0);
  const body: readonly Block[] =
    items.length > 1 ? [{ type: "list", ordered: false, start: 1, items }] : items.flat();
  return { ...defaultsOf(facts), body, footer: inlinesOf(facts.source.label), native: null };
}
