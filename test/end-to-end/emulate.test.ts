import { createServer } from "node:net";
import { createEmulator } from "emulate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVERYWHERE, type House, openHouse, PARTIES, sample } from "./house.ts";

interface History {
  readonly ok: boolean;
  readonly messages: readonly {
    readonly text: string;
    readonly metadata?: { event_payload: object };
  }[];
}

describe("a Slack that nobody here wrote", () => {
  let emulator: { readonly url: string; close(): Promise<void> };
  let house: House;
  let channel: string;

  beforeAll(async () => {
    const token = "xoxb-emulated";
    emulator = await createEmulator({
      service: "slack",
      port: await freePort(),
      seed: {
        slack: {
          team: { name: "Northwind", domain: "northwind" },
          users: [{ name: "bellhop", real_name: "Bellhop" }],
          channels: [{ name: "sales" }],
          tokens: [
            { token, user: "bellhop", scopes: ["chat:write", "channels:history", "channels:read"] },
          ],
        },
      },
    });
    channel = await channelNamed(emulator.url, token, "sales");
    const config = `${PARTIES.replace(/slack-bot:.*\n/, `slack-bot: { type: slack, token: ${token}, channel: ${channel}, api_url: "${emulator.url}/api/" }\n`)}${EVERYWHERE}`;
    house = await openHouse({ config });
  });
  afterAll(async () => {
    await house.close();
    await emulator.close();
  });

  it("shows the bridge's messages in the channel's history, in order, with the delivery's id", async () => {
    for (const name of ["created", "subscribed", "cancellation-scheduled"])
      await house.send("polar", await sample(`polar/${name}`));
    await house.bridge.idle();

    const history = await read(emulator.url, "conversations.history", {
      channel,
      include_all_metadata: "true",
    });
    const { items } = await house.bridge.store.deliveries({ limit: 10, destination: "slack-bot" });
    expect(history.messages.toReversed().map((message) => message.text)).toEqual([
      "Ada Lindqvist: The customer was created.",
      "Ada Lindqvist: Subscribed to Pro for $49.00 per month. And 5 more changes.",
      "Ada Lindqvist: The subscription to Pro is set to end on 3 December 2026.",
    ]);
    expect(history.messages.map((message) => message.metadata?.event_payload)).toEqual(
      items.map((delivery) => ({ delivery: delivery.id, event: delivery.event })),
    );
  });
});

async function read(url: string, method: string, body: Record<string, string>): Promise<History> {
  const response = await fetch(`${url}/api/${method}`, {
    method: "POST",
    headers: { authorization: "Bearer xoxb-emulated" },
    body: new URLSearchParams(body),
  });
  return (await response.json()) as History;
}

async function channelNamed(url: string, token: string, name: string): Promise<string> {
  const response = await fetch(`${url}/api/conversations.list`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  const { channels } = (await response.json()) as { channels: { id: string; name: string }[] };
  const found = channels.find((one) => one.name === name);
  if (found === undefined) throw new Error(`emulate has no channel ${name}.`);
  return found.id;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });
}
