import { expect, test } from "vitest";
import { messageLines } from "../../../src/sandbox/terminal/message-lines.ts";

const seenAt = Date.parse("2026-11-22T10:00:00Z");

test("a Slack message with blocks begins with the text that notifications show", () => {
  const section = { type: "section", text: { type: "mrkdwn", text: "*Upgraded* to Scale." } };
  const body = { text: "Ada: Upgraded.", blocks: [section] };

  const lines = messageLines({ platform: "slack", body, seenAt }, 60);

  expect(lines).toEqual(["Ada: Upgraded.", "", "Upgraded to Scale."]);
});

test("a Slack message without blocks is its text, once", () => {
  const body = { text: "Ada: Upgraded." };

  const lines = messageLines({ platform: "slack", body, seenAt }, 60);

  expect(lines).toEqual(["Ada: Upgraded."]);
});

test("a Discord message is its content and its embeds, in lines that are no wider than asked for", () => {
  const embeds = [{ title: "Ada", description: "Upgraded from Pro to Scale." }];
  const body = { content: "Ada: Upgraded.", embeds };

  const lines = messageLines({ platform: "discord", body, seenAt }, 16);

  expect(lines).toEqual(["Ada: Upgraded.", "▌ Ada", "▌ Upgraded from", "▌ Pro to Scale."]);
});
