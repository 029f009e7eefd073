import { afterEach, describe, expect, it } from "vitest";
import { type Family, readExposition, valueOf } from "../server/exposition.ts";
import { type House, openHouse, PARTIES, type Plan, sample, textOf } from "../end-to-end/house.ts";
import { refuseWrites } from "../store/beside.ts";
import { save } from "./saving.ts";

const ROUTE = "\nroutes:\n  - { name: everything, send: slack-bot }\n";
const CONFIG = PARTIES + ROUTE;
const TOLD = `${CONFIG}operator: { send: discord-bot }\n`;
const BROKEN = `${TOLD}\nretention: { payloads: forever }\n`;
const template = (text: string) => `---\nsummary: "${text}"\n---\n${text}\n`;

/** How many were applied, rejected and failed. */
const reloads = (families: readonly Family[]) =>
  ["applied", "rejected", "failed"].map((result) =>
    valueOf(families, "bellhop_config_reloads_total", { result }),
  );

describe("a changed config", () => {
  let house: House;
  let ahead = 0;
  afterEach(() => house.close());

  const open = async (plan: Plan = {}) => {
    ahead = 0;
    house = await openHouse({ config: TOLD, ahead: () => ahead, ...plan });
  };
  const send = async (name = "polar/created", source = "polar") => {
    const { body } = await house.send(source, await sample(name));
    await house.bridge.idle();
    return house.bridge.store.event(body.id ?? "");
  };
  const ready = async () => {
    const response = await fetch(`${house.bridge.url}/readyz`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const scrape = async () =>
    readExposition(await (await fetch(`${house.bridge.url}/metrics`)).text());
  /** What the operator was told since the last call. */
  const told = () => house.posted()["discord-bot"].map((one) => JSON.stringify(one.body));

  it("decides and renders what comes after it, and each event names the revision that decided it", async () => {
    await open({ templates: { "default.hbs": template("before") } });
    const first = await send();
    const { revision: before } = (await ready()).body;

    const reloaded = await save(house, { "templates/default.hbs": template("after") });
    const second = await send("polar/subscribed");
    const { revision: after } = (await ready()).body;

    expect(reloaded).toBe("applied");
    expect(after).not.toBe(before);
    expect([first?.revision, second?.revision]).toEqual([before, after]);
    expect(textOf(house.posted()["slack-bot"].at(-1), "text")).toContain("after");
  });

  it("is left alone where nothing changed that it is made from", async () => {
    await open();

    const reloaded = await save(house, { "config.yaml": TOLD, ".env": "UNUSED=1\n" });

    expect(reloaded).toBe("unchanged");
    expect(house.log.filter((line) => line.includes("config"))).toEqual([]);
    expect(reloads(await scrape())).toEqual([0, 0, 0]);
  });

  it("that has mistakes leaves the one before in use, and says so wherever people look", async () => {
    const secret = "whsec_c2VjcmV0LXRoYXQtbm9ib2R5LW1heS1zZWU=";
    await open({ env: { POLAR_SECRET: secret } });

    const reloaded = await save(house, { "config.yaml": BROKEN }, { POLAR_SECRET: secret });
    const event = await house.send("polar", await sample("polar/created"));
    await house.bridge.idle();
    const { status, body } = await ready();
    const families = await scrape();

    expect(reloaded).toBe("rejected");
    expect(event.status).toBe(202);
    expect(house.posted()["slack-bot"]).toHaveLength(1);
    expect({ status, revision: body["revision"] }).toEqual({
      status: 200,
      revision: house.config.revision,
    });
    expect(body["config"]).toEqual({
      failing_since: expect.any(String) as string,
      problems: [expect.stringMatching(/^config\.yaml:\d+:\d+: .*`payloads`/) as string],
    });
    expect(house.log.filter((line) => line.startsWith("error"))).toEqual([
      expect.stringMatching(/^error config rejected .*config\.yaml:\d+:\d+: /),
    ]);
    expect(reloads(families)).toEqual([0, 1, 0]);
    expect(valueOf(families, "bellhop_config_last_reload_successful")).toBe(0);
    expect(house.log.join()).not.toContain(secret);
  });

  it("that has mistakes is told to the operator once in ten minutes, and also that it is right again", async () => {
    await open();

    for (const text of ["forever", "long", "ever"])
      await save(house, { "config.yaml": BROKEN.replace("forever", text) });
    await house.bridge.idle();
    const bad = told();
    const mended = await save(house, { "config.yaml": TOLD });
    await house.bridge.idle();
    const soon = told();
    ahead += 600_000;
    await send();
    await untilTold();
    const later = told();

    expect(bad).toEqual([
      expect.stringContaining("cannot be used, so the one before stays in use"),
    ]);
    expect(bad[0]).toMatch(/:\d+.* must be a duration/);
    expect(mended).toBe("applied");
    expect(soon).toEqual([]);
    expect(later).toEqual([expect.stringContaining("The configuration was mended and is in use.")]);
    expect((await ready()).body).not.toHaveProperty("config");
    expect(valueOf(await scrape(), "bellhop_config_last_reload_successful")).toBe(1);
  });

  const untilTold = async () => {
    while ((await house.bridge.store.dueReports(Date.now() + ahead, 600_000)).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await house.bridge.idle();
  };

  it("brings sources, secrets and destinations of its own, which are counted too", async () => {
    await open({ config: CONFIG });
    const more = CONFIG.replace(
      "destinations:",
      `  support: { type: plain, secrets: [other] }\ndestinations:\n  twin: { type: slack, token: xoxb-test, channel: C0TWIN000, api_url: "\${SLACK_API}" }`,
    ).replace("send: slack-bot", "send: twin");
    const before = await fetch(`${house.bridge.url}/webhooks/support`, { method: "POST" });

    await save(house, { "config.yaml": more });
    const after = await fetch(`${house.bridge.url}/webhooks/support`, { method: "POST" });
    await send();
    const families = await scrape();

    expect([before.status, after.status]).toEqual([404, 401]);
    expect(house.posted()["slack-bot"].map(({ channel }) => channel)).toEqual(["C0TWIN000"]);
    const twin = { destination: "twin", status: "delivered" };
    expect(valueOf(families, "bellhop_deliveries_total", twin)).toBe(1);
    const refused = { source: "support", answer: "refused" };
    expect(valueOf(families, "bellhop_webhooks_total", refused)).toBe(1);
  });

  it("takes other secrets over from the environment, though its revision stays", async () => {
    await open();
    const renewed = { POLAR_SECRET: "whsec_cmVuZXdlZC1yZW5ld2VkLXJlbmV3ZWQtcmVuZXc=" };

    const reloaded = await save(house, {}, renewed);
    const { status } = await house.send("polar", await sample("polar/created"));

    expect([reloaded, status]).toEqual(["applied", 401]);
    expect((await ready()).body["revision"]).toBe(house.config.revision);
  });

  it("brings another admin token and another limit of bodies", async () => {
    await open();
    const server = TOLD.replace(
      "server: { port: 0 }",
      "server: { port: 0, admin_token: open-sesame, body_limit: 2MiB }",
    );
    const large = Buffer.alloc(1_500_000, " ");
    const before = await house.send("polar", large);

    await save(house, { "config.yaml": server });
    const after = await house.send("polar", large);
    const closed = await fetch(`${house.bridge.url}/api/events`);
    const headers = { authorization: "Bearer open-sesame" };
    const opened = await fetch(`${house.bridge.url}/api/events`, { headers });

    expect([before.status, after.status]).toEqual([413, 202]);
    expect([closed.status, opened.status]).toEqual([401, 200]);
  });

  it("says which settings take a restart, once, and puts all others into use", async () => {
    await open();
    const elsewhere = TOLD.replace("port: 0", "port: 1").replace(
      /store: .*/,
      "store: sqlite:./other.db",
    );

    await save(house, { "config.yaml": elsewhere });
    await save(house, {
      "config.yaml": elsewhere,
      "templates/default.hbs": template("after"),
    });
    await send();
    const { body } = await ready();

    expect(house.log.filter((line) => line.startsWith("warn config needs"))).toEqual([
      expect.stringContaining('{"settings":["server.port","store"]}'),
    ]);
    expect(told()).toEqual([
      expect.stringMatching(/server.*port.* and .*store.* only after a restart/),
    ]);
    expect(body["config"]).toEqual({ restart_needed: ["server.port", "store"] });
    expect(
      textOf(
        house.sandbox.messages.find(({ platform }) => platform === "slack"),
        "text",
      ),
    ).toBe("after");
    await save(house, { "config.yaml": TOLD });
    expect((await ready()).body).not.toHaveProperty("config");
  });

  it("moves the operator, who is told at once there what could not be told before", async () => {
    await open();
    house.sandbox.setChannel("discord", "1099414111111111111", "missing");
    await save(house, { "config.yaml": BROKEN });
    await house.bridge.idle();
    const { operator } = (await ready()).body;

    await save(house, { "config.yaml": `${CONFIG}operator: { send: discord-webhook }\n` });
    await house.bridge.idle();

    expect(operator).toBeDefined();
    expect(house.posted()["discord-webhook"].map((one) => JSON.stringify(one.body))).toEqual([
      expect.stringContaining("The configuration was mended"),
    ]);
    expect((await ready()).body).not.toHaveProperty("operator");
  });

  it("is put into use later while the store cannot be written, and as a whole", async () => {
    await open();
    const takeWrites = await refuseWrites(house.config.store);

    const locked = await save(house, { "templates/default.hbs": template("after") });
    const { body } = await (await fetch(`${house.bridge.url}/healthz`)).json().then(() => ready());
    await takeWrites();
    while ((await ready()).body["revision"] === house.config.revision)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await send();

    expect(locked).toBe("failed");
    expect(JSON.stringify(body)).toContain("could not be written");
    expect(textOf(house.posted()["slack-bot"].at(-1), "text")).toBe("after");
    expect(reloads(await scrape())).toEqual([1, 0, 1]);
  });
});
