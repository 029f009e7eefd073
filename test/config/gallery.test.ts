import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkConfig } from "../../src/config/load.ts";

const GALLERY = "test/fixtures/config";

const ENV = {
  POLAR_WEBHOOK_SECRET: "polar_whs_from-the-environment",
  PLAIN_SIGNING_SECRET: "plain-secret-from-the-environment",
  SLACK_BOT_TOKEN: "xoxb-from-the-environment",
  SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T00000000/B00000000/fromTheEnvironment",
  OTHER_WEBHOOK_URL: "https://other.invalid/from-the-environment",
  DISCORD_BOT_TOKEN: "discord-from-the-environment",
  PASSWORD_WITH_A_SLASH: "from/the-environment",
  DATABASE_URL:
    "postgres://bellhop:from-the-environment@other.invalid/bellhop?sslmode=from-the-environment&from-the-environment=x",
  EMPTY: "",
};

const files = readdirSync(GALLERY, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".yaml"),
);

test("the gallery shows at least thirty mistakes", () => {
  expect(files.length).toBeGreaterThanOrEqual(30);
});

test.each(files)("%s is told as its text says", async (file) => {
  const expected = `${GALLERY}/${file.replace(/\.yaml$/, ".txt")}`;

  const { text } = await checkConfig(`${GALLERY}/${file}`, ENV);

  if (process.env["UPDATE"] === "1") writeFileSync(expected, `${text}\n`);
  expect(existsSync(expected), `${expected} is missing: run the test with UPDATE=1`).toBe(true);
  expect(`${text}\n`).toBe(readFileSync(expected, "utf8"));
});

test.each(files)("%s is told without any value of the environment", async (file) => {
  const { text, problems } = await checkConfig(`${GALLERY}/${file}`, ENV);

  expect(problems.length).toBeGreaterThan(0);
  expect(text + JSON.stringify(problems)).not.toMatch(/from[-/]?the-?environment|other\.invalid/i);
});
