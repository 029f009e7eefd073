import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { checkConfig } from "../../src/config/load.ts";

const RIGHT = "test/fixtures/config-right";

const ENV = {
  POLAR_WEBHOOK_SECRET: "polar_whs_a",
  PLAIN_SIGNING_SECRET: "b",
  SLACK_BOT_TOKEN: "xoxb-c",
  DISCORD_BOT_TOKEN: "d",
};

const files = readdirSync(RIGHT, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".yaml"),
);

test("there are at least twenty configs that are right but unusual", () => {
  expect(files.length).toBeGreaterThanOrEqual(20);
});

test.each(files)("%s has neither an error nor a warning", async (file) => {
  const { text, config } = await checkConfig(`${RIGHT}/${file}`, ENV);

  expect(text).toBe("");
  expect(config).toBeDefined();
});
