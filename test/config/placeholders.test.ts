import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkConfig } from "../../src/config/load.ts";

const CONFIG = `
server: { admin_token: "\${ADMIN_TOKEN}" }
store: { url: "postgres://bellhop:\${BELLHOP_DB_PASSWORD}@db.internal/bellhop", connections: 20 }
sources:
  polar: { type: polar, secrets: ["\${POLAR_SECRET}", "\${file:/nowhere/secret}"] }
destinations:
  sales: { type: slack, token: "\${SLACK_TOKEN}", channel: "\${SLACK_CHANNEL}", api_url: "\${SLACK_API}" }
  ops: { type: slack, webhook: "\${SLACK_WEBHOOK}" }
  news: { type: slack, webhook: "https://hooks.slack.com/services/\${SLACK_PATH}" }
  success: { type: discord, token: "\${DISCORD_TOKEN}", channel: "\${DISCORD_CHANNEL}" }
  talk: { type: discord, webhook: "\${DISCORD_WEBHOOK}" }
routes:
  - send: [sales, ops, news, success, talk]
`;

test("whatever may be secret, or differ from place to place, is stood in for", async () => {
  const { problems, config } = await checked(CONFIG);

  expect(problems).toEqual([]);
  expect(config?.destinations.map(({ name }) => name)).toHaveLength(5);
  expect(new Set(config?.destinations.map(({ lane }) => lane)).size).toBe(5);
});

test("what is set to nothing counts as not set", async () => {
  const empty = { POLAR_SECRET: "", SLACK_TOKEN: " ", SLACK_CHANNEL: "", DISCORD_WEBHOOK: "" };

  const { problems } = await checked(CONFIG, empty);

  expect(problems).toEqual([]);
});

test("what is set is taken as it is", async () => {
  const { config } = await checked(CONFIG, { SLACK_CHANNEL: "C024BE91L" });

  const [sales] = config?.destinations ?? [];
  expect(sales?.lane).toMatch(/C024BE91L$/);
});

test.each([
  ["a setting of another sort", 'server: { port: "${PORT}" }', '"PORT" is not set'],
  ["a reference that is none", 'server: { admin_token: "${NOT A NAME}" }', "is not the name of"],
  ["a value that is set and wrong", 'server: { admin_token: "${BROKEN}" }', "has a line break"],
])("%s is still told", async (_, server, message) => {
  const config = CONFIG.replace(/^server: .+$/m, () => server);

  const { text } = await checked(config, { BROKEN: "a\nb" });

  expect(text).toContain(message);
});

test("a config that is to be used tells each reference that leads nowhere", async () => {
  const { problems } = await checked(CONFIG, {}, false);

  expect(problems.filter(({ message }) => message.includes("is not set"))).toHaveLength(11);
});

async function checked(text: string, env: NodeJS.ProcessEnv = {}, fillsMissing = true) {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-placeholders-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "config.yaml");
  await writeFile(file, text);
  return checkConfig(file, env, { fillsMissing });
}
