import type { Facts } from "../core/facts.ts";
import type { Inline, Message } from "../core/message.ts";
import { instant } from "./helpers.ts";
import { safeUrl } from "./url.ts";
import { inlinesOf } from "./value.ts";

/** What a message says of an event where its template says nothing. */
export function defaultsOf(facts: Facts): Omit<Message, "body" | "native"> {
  return {
    summary: summaryOf(facts),
    title: inlinesOf(facts.customer?.label ?? inWords(facts.event)),
    link: safeUrl(facts.customer?.url ?? ""),
    tone: facts.tone,
    fields: [],
    buttons: [],
    footer: [],
    time: instant(facts.time) ?? null,
  };
}

/** Who, the most telling change, and how many more there are. */
function summaryOf({ customer, change, changes }: Facts): readonly Inline[] {
  const more = changes.length - 1;
  const inlines = [...inlinesOf(change.summary)];
  if (customer !== null)
    inlines.unshift(...inlinesOf(customer.label), { type: "text", value: ": " });
  if (more > 0)
    inlines.push({
      type: "text",
      value: more === 1 ? " And 1 more change." : ` And ${more} more changes.`,
    });
  return inlines;
}

/** A vendor's event type as words: `order.paid` is `Order paid`. */
function inWords(type: string): string {
  const words = type.replaceAll(/[._]+/g, " ").trim();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
