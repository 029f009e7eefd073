import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHANGE_KINDS, type Change, type ChangeKind, change } from "../../src/core/change.ts";
import { type Facts, factsOf } from "../../src/core/facts.ts";
import type { Destination } from "../../src/destinations/destination.ts";
import type { Templates } from "../../src/render/rendered.ts";
import { loadTemplates } from "../../src/render/templates.ts";
import { checkDiscord } from "../checkers/discord.ts";
import { checkSlack } from "../checkers/slack.ts";
import { type House, openHouse } from "./house.ts";

/** Ten times the most that either platform takes of any text: Slack's message text. */
const HUGE = 10 * 40_000;
const WORDS = "Ada & <Sons> *Ltd* 👩‍👩‍👧 ";

describe("every request that a shipped template can produce", () => {
  let house: House;
  let templates: Templates;

  beforeAll(async () => {
    house = await openHouse();
    const shipped = fileURLToPath(new URL("../../templates/", import.meta.url));
    templates = await loadTemplates({ own: null, shipped });
  });
  afterAll(async () => {
    await house.close();
  });

  const sizes: [name: string, text: string, count: number][] = [
    ["with texts of usual length", "Ada Lindqvist", 1],
    ["with every text at ten times its limit", WORDS.repeat(Math.ceil(HUGE / WORDS.length)), 1],
    ["with hundreds of changes", "Ada Lindqvist", 300],
    ["with empty texts", "", 1],
  ];

  it.each(sizes)(
    "passes checkers that nobody here wrote, %s",
    (_, text, count) => {
      let checked = 0;
      for (const name of templates.names) {
        for (const kind of CHANGE_KINDS) {
          const facts = factsOfKind(kind, text, count);
          for (const destination of house.config.destinations) {
            const { message, failure } = templates.render(name, facts, destination.platform);
            expect(failure).toBeUndefined();
            for (const form of ["full", "plain"] as const) {
              expect(
                problems(destination, destination.compose(message, form).body),
                `${name}, ${kind}, ${destination.name}, ${form}`,
              ).toEqual([]);
              checked += 1;
            }
          }
        }
      }
      expect(checked).toBe(templates.names.length * CHANGE_KINDS.length * 4 * 2);
      expect(templates.names.length).toBeGreaterThanOrEqual(3);
    },
    240_000,
  );
});

function problems(destination: Destination, body: { readonly [key: string]: unknown }): string[] {
  const kind = destination.name.endsWith("bot") ? "bot" : "webhook";
  return destination.platform === "slack" ? checkSlack(body, kind) : checkDiscord(body, kind);
}

function factsOfKind(kind: ChangeKind, text: string, count: number): Facts {
  const one = changeOfKind(kind, text);
  const url = `https://example.com/${encodeURIComponent(text)}`;
  return factsOf(
    {
      type: text,
      time: "2026-11-22T10:15:00.000001Z",
      subject: text,
      customer: {
        id: text,
        label: text,
        name: text,
        email: text,
        external_id: text,
        metadata: { plan: text },
        url,
      },
      payload: { text },
    },
    { name: "polar", type: "polar", label: text },
    [one, ...Array.from({ length: count - 1 }, () => one)],
  );
}

function changeOfKind(kind: ChangeKind, text: string): Change {
  const of = (word: string) => kind.startsWith(word);
  return change({
    kind,
    summary: text,
    tone: "warning",
    actor: { type: "user", id: text, label: text },
    fields: [text],
    before: { name: text, amount: 4900, currency: "usd", interval: "month", seats: 3 },
    after: { name: text, amount: 19900, currency: "usd", interval: "year", seats: 5 },
    group: of("group") ? { id: text, key: text, name: text, color: text } : null,
    benefit: of("benefit") ? { id: text, name: text, type: text } : null,
    meter: of("meter") ? { id: text, name: text, consumed: 1.5, credited: 10, balance: 8.5 } : null,
    subscription: of("subscription")
      ? {
          id: text,
          name: text,
          product_id: text,
          status: text,
          amount: 19900,
          currency: text,
          interval: text,
          started_at: "2026-11-01T00:00:00Z",
          ends_at: kind === "subscription.cancellation_scheduled" ? "2026-12-01T00:00:00Z" : null,
          period_start: "2026-11-01T00:00:00Z",
          period_end: "2026-12-01T00:00:00Z",
          trial_end: null,
          seats: 5,
          units: 1.5,
          discount_id: text,
          metadata: {},
        }
      : null,
  });
}
