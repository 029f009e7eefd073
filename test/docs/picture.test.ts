import { expect, onTestFinished, test } from "vitest";
import { cardWidth, renderCard, SIDE_BY_SIDE } from "../../src/sandbox/terminal/card.ts";
import { sideBySide } from "../../src/sandbox/terminal/side-by-side.ts";
import { openHouse, PARTIES, sample } from "../end-to-end/house.ts";
import { documentAt } from "./document.ts";

const ROUTES = `
routes:
  - match: { changes.kind: "subscription.*" }
    send: [slack-bot, discord-bot]
    template: customer-state
`;

test("README's picture is what the sandbox draws of the samples", async () => {
  const config = PARTIES.replace(/channel: C\w+/, "channel: C024BE91L") + ROUTES;
  const house = await openHouse({ startAt: Date.parse("2026-11-21T11:03:40Z"), config });
  onTestFinished(() => house.close());
  await house.send("polar", await sample("polar/subscribed"));
  await house.bridge.idle();
  house.posted();

  await house.send("polar", await sample("polar/plan-changed"));
  await house.bridge.idle();

  const posted = house.posted();
  const look = { width: cardWidth(SIDE_BY_SIDE), color: false };
  const draw = (kind: "slack-bot" | "discord-bot") =>
    posted[kind].flatMap((message) => renderCard(message, look));
  const picture = sideBySide(draw("slack-bot"), draw("discord-bot"), SIDE_BY_SIDE);
  const [shown] = documentAt("README.md").blocks.filter(({ language }) => language === "text");
  expect(shown?.text.trimEnd()).toBe(picture);
});
