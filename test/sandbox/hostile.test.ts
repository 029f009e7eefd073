import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { DISCORD_CHANNEL } from "./clients.ts";

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
});

afterAll(() => sandbox.close());

const keys = [
  "type",
  "text",
  "fields",
  "elements",
  "rows",
  "url",
  "name",
  "value",
  "components",
  "style",
];
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, 1, "", "section", "actions", "button", "mrkdwn", "x".repeat(5_000)),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie("any"), { maxKeys: 4 }),
  ),
})).any;

async function statusOf(path: string, body: unknown): Promise<number> {
  const answer = await fetch(sandbox.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer xoxb-sandbox" },
    body: JSON.stringify(body),
  });
  await answer.text();
  return answer.status;
}

test("no message to Slack, whatever its shape, is answered with a failure of the sandbox", async () => {
  const message = fc.record({ blocks: value, attachments: value, metadata: value, text: value });

  await fc.assert(
    fc.asyncProperty(message, async (body) => {
      const status = await statusOf("/slack/api/chat.postMessage", { channel: "general", ...body });

      expect(status).toBe(200);
    }),
  );
});

test("no message to Discord, whatever its shape, is answered with a failure of the sandbox", async () => {
  const path = new URL(sandbox.discordWebhook("general")).pathname;
  const message = fc.record({
    content: value,
    embeds: fc.oneof(
      value,
      fc.array(fc.dictionary(fc.constantFrom("title", "fields", "footer", "color", "url"), value)),
    ),
    components: value,
    allowed_mentions: value,
    username: value,
    flags: value,
    nonce: value,
  });

  await fc.assert(
    fc.asyncProperty(message, async (body) => {
      expect([200, 400]).toContain(await statusOf(`${path}?wait=true&with_components=true`, body));
    }),
  );
});

test.each(["//", "/slack/api/", "/services/%", "/api/v10/channels/%/messages", "/api/webhooks/1"])(
  "the path %s is no failure of the sandbox",
  async (path) => {
    expect(await statusOf(path, { channel: DISCORD_CHANNEL })).toBeLessThan(500);
  },
);
