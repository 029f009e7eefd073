import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { checkDiscord } from "../checkers/discord.ts";
import { checkSlack } from "../checkers/slack.ts";
import { type House, openHouse, sample } from "./house.ts";

const KINDS = ["slack-bot", "slack-webhook", "discord-bot", "discord-webhook"] as const;

/** Each step is a sample and the name of the message that it must bring about, or `null` for none. */
const SEQUENCES: [
  name: string,
  startAt: string,
  source: string,
  steps: [sample: string, message: string | null][],
][] = [
  [
    "the Plain seed document, byte for byte",
    "2023-02-21T12:58:52Z",
    "plain",
    [["plain/group-added-2023", "group-added-2023"]],
  ],
  ["Plain's groups today", "2026-11-19T16:58:40Z", "plain", [["plain/group-added", "group-added"]]],
  [
    "Plain's removal from a group",
    "2026-11-20T17:45:30Z",
    "plain",
    [["plain/group-removed", "group-removed"]],
  ],
  [
    "a Polar customer who subscribes and leaves",
    "2026-12-03T11:00:00Z",
    "polar",
    [
      ["polar/created", "created"],
      ["polar/created", null],
      ["polar/subscribed", "subscribed"],
      ["polar/subscribed", null],
      ["polar/cancellation-scheduled", "cancellation-scheduled"],
      ["polar/cancellation-scheduled", null],
      ["polar/created", null],
      ["polar/subscription-gone", "subscription-gone"],
      ["polar/subscription-gone", null],
    ],
  ],
  [
    "a Polar customer who upgrades and is deleted",
    "2026-11-22T11:00:00Z",
    "polar",
    [
      ["polar/subscribed", "first-subscribed"],
      ["polar/plan-changed", "plan-changed"],
      ["polar/order-paid", "order-paid"],
      ["polar/deleted", "deleted"],
      ["polar/deleted", null],
      ["polar/order-paid", null],
    ],
  ],
];

describe("a signed webhook becomes the expected message on all four kinds of destination", () => {
  let house: House;
  afterEach(async () => {
    await house.close();
  });

  it.each(SEQUENCES)("%s", async (_, startAt, source, steps) => {
    house = await openHouse({ startAt: Date.parse(startAt) });

    for (const [file, message] of steps) {
      const answer = await house.send(source, await sample(file));
      await house.bridge.idle();

      expect(answer.status).toBe(202);
      const posted = house.posted();
      for (const kind of KINDS) {
        if (message === null) {
          expect(posted[kind]).toEqual([]);
          continue;
        }
        expect(posted[kind]).toHaveLength(1);
        const body = posted[kind][0]?.body ?? {};
        expect(problems(body, kind)).toEqual([]);
        expectMessage(`${message}.${kind}`, withoutIds(body));
      }
    }
    expect(house.sandbox.refused).toEqual([]);
  });
});

function problems(body: JsonObject, kind: (typeof KINDS)[number]): string[] {
  const [platform, by] = kind.split("-") as ["slack" | "discord", "bot" | "webhook"];
  return platform === "slack" ? checkSlack(body, by) : checkDiscord(body, by);
}

/** The ids of event and delivery differ each time. */
function withoutIds(body: JsonObject): JsonObject {
  const text = JSON.stringify(body)
    .replaceAll(/(evt|dlv)_[0-9A-Z]{26}/g, "$1_…")
    .replace(/"nonce":"[0-9a-f]{25}"/, '"nonce":"…"');
  return JSON.parse(text) as JsonObject;
}

/** The expected message is in a file; `UPDATE=1` writes it, to be read before it is committed. */
function expectMessage(name: string, body: JsonObject): void {
  const folder = new URL("../fixtures/messages/", import.meta.url);
  const file = new URL(`${name}.json`, folder);
  if (process.env["UPDATE"] === "1") {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${JSON.stringify(body, null, 2)}\n`);
  }
  expect(body, name).toEqual(JSON.parse(readFileSync(file, "utf8")));
}
