import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeliveryAnswer, EventAnswer } from "../../src/commands/answers.ts";
import type { Config } from "../../src/config/config.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { environment, PARTIES, post, sourceOf, writeHouse } from "./house.ts";
import { type Ran, run, runUnread, runUntil, serve, serveByNpm, type Served } from "./process.ts";

const ROUTES = `
routes:
  - name: at risk
    match: { changes.kind: subscription.cancellation_scheduled }
    send: [slack-bot, discord-bot]
    template: customer-state
  - name: large
    match: { changes.kind: subscription.started }
    when: changes.exists(c, has(c.subscription) && c.subscription.amount >= 100000)
    send: slack-webhook
  - name: groups
    match: { event: customer.customer_group_memberships_changed }
    send: discord-webhook
`;
const SAMPLES = new URL("../../samples/", import.meta.url).pathname;

describe("the commands, against a bridge of its own process", () => {
  let folder: string;
  let sandbox: Sandbox;
  let served: Served;
  let config: Config;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-commands-"));
    sandbox = await startSandbox({ rateLimits: false });
    config = await writeHouse(folder, sandbox, { config: PARTIES + ROUTES });
    env = environment(sandbox);
    served = await serve(folder, env);
  });
  afterAll(async () => {
    await served.stop();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });

  const bellhop = (...args: string[]): Promise<Ran> => run(args, folder, env);
  const api = ["--url"];
  const settled = async (count: number) => {
    const path = `${served.url}/api/deliveries?status=delivered`;
    for (;;) {
      const answer = (await (await fetch(path)).json()) as { deliveries: DeliveryAnswer[] };
      if (answer.deliveries.length >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it("walk from a sent payload to the explanation of its message", async () => {
    const to = [...api, served.url];
    const subscribed = await bellhop("send", `${SAMPLES}polar/subscribed.json`, ...to);
    const canceled = await bellhop(
      "send",
      `${SAMPLES}polar/cancellation-scheduled.json`,
      ...to,
      "--json",
    );
    const grouped = await bellhop("send", `${SAMPLES}plain/group-added-2023.json`, ...to);
    await settled(3);
    expect(subscribed).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^202 accepted as evt_/),
    });
    expect(grouped.code).toBe(0);

    const events = await bellhop("events", ...to);
    const lines = events.out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^RECEIVED \(UTC\) +EVENT +STATUS +CUSTOMER +WHAT$/);
    expect(lines[1]).toContain("Colby Kunde");
    expect(lines[2]).toContain("The subscription to Pro is set to end on 3 December 2026.");
    expect(lines[3]).toMatch(/unrouted +Ada Lindqvist/);

    const { id } = JSON.parse(canceled.out) as { id: string };
    const explained = await bellhop("explain", id, ...to);
    expect(explained.out).toContain("sent: to slack-bot (delivered), discord-bot (delivered)");

    const deliveries = await bellhop("deliveries", ...to, "--json");
    const answer = JSON.parse(deliveries.out) as { deliveries: DeliveryAnswer[] };
    expect(answer.deliveries.map((one) => `${one.destination} ${one.status}`)).toEqual([
      "discord-webhook delivered",
      "discord-bot delivered",
      "slack-bot delivered",
    ]);
  });

  it("list as tables, and as the API's own JSON with --json", async () => {
    const table = await bellhop("deliveries", "--url", served.url, "--destination", "slack-bot");
    const none = await bellhop("deliveries", "--url", served.url, "--status", "dead");
    const json = await bellhop("events", "--url", served.url, "--status", "unrouted", "--json");

    const answer = JSON.parse(json.out) as { events: EventAnswer[] };
    expect(table.out.split("\n")[0]).toMatch(
      /^CREATED \(UTC\) +DELIVERY +STATUS +TRIES +DESTINATION +ROUTE +WHY$/,
    );
    expect(none.out).toBe("No deliveries.\n");
    expect(answer.events.every((event) => event.status === "unrouted")).toBe(true);
    expect(answer.events[0]?.routes).toHaveLength(3);
  });

  it("preview a payload against an earlier one, with the exact requests, sending nothing", async () => {
    const before = sandbox.requests;

    const text = await bellhop(
      "preview",
      `${SAMPLES}polar/cancellation-scheduled.json`,
      "--before",
      `${SAMPLES}polar/subscribed.json`,
    );
    const json = await bellhop(
      "preview",
      `${SAMPLES}polar/cancellation-scheduled.json`,
      "--before",
      `${SAMPLES}polar/subscribed.json`,
      "--json",
    );

    expect(text).toMatchObject({ code: 0, err: "" });
    expect(text.out).toContain("subscription.cancellation_scheduled");
    expect(text.out).toContain("✓ at risk");
    const previewed = JSON.parse(json.out) as {
      messages: { request: { call: string; body: { text?: string } } }[];
    };
    expect(previewed.messages.map((message) => message.request.call)).toEqual([
      `POST ${sandbox.slackApiUrl}chat.postMessage`,
      `POST ${sandbox.discordApiUrl}/v10/channels/1099414111111111111/messages`,
    ]);
    expect(previewed.messages[0]?.request.body.text).toBe(
      "Ada Lindqvist: The subscription to Pro is set to end on 3 December 2026.",
    );
    expect(sandbox.requests).toBe(before);
  });

  it("replay sends a delivery again, and says what cannot be", async () => {
    const listed = await bellhop("deliveries", "--url", served.url, "--json");
    const [first] = (JSON.parse(listed.out) as { deliveries: DeliveryAnswer[] }).deliveries;
    const id = first?.id ?? "";

    const again = await bellhop("replay", id, "--url", served.url);
    const dead = await bellhop("replay", "--dead", "--since", "1h", "--url", served.url);
    const none = await bellhop("replay", "dlv_none", "--url", served.url);
    const resumed = await bellhop("resume", "slack-bot", "--url", served.url);

    expect(again).toMatchObject({
      code: 0,
      out: expect.stringMatching(new RegExp(`^${id} +[\\w-]+ +.+ +is sent again as dlv_`)),
    });
    expect(dead).toMatchObject({ code: 0, out: "Nothing to replay.\n" });
    expect(none).toMatchObject({ code: 1, out: "dlv_none  There is no delivery dlv_none.\n" });
    expect(resumed).toMatchObject({
      code: 1,
      err: expect.stringContaining('called "slack-bot" is parked'),
    });
  });

  it("replay tells on a dry run what it would send, and takes whatever is in quarantine", async () => {
    const odd = { id: "odd", at: new Date(), headers: {} };
    const { body } = await post(served.url, sourceOf(config, "polar"), Buffer.from("{"), odd);
    const id = body.id ?? "";

    const selection = [
      "--delivered",
      "--since",
      "1h",
      "--until",
      "0s",
      "--destination",
      "discord-bot",
    ];
    const dry = await bellhop("replay", ...selection, "--dry-run", "--url", served.url);
    const quarantined = await bellhop("replay", "--quarantined", "--url", served.url);
    const listed = await bellhop(
      "deliveries",
      "--destination",
      "discord-bot",
      "--route",
      "at risk",
      "--url",
      served.url,
    );

    expect(dry).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^dlv_\w+ +discord-bot +at risk +would go through again\n$/),
    });
    expect(quarantined).toMatchObject({
      code: 1,
      out: expect.stringMatching(`^${id} +It still cannot be read`),
    });
    expect(listed.out.trimEnd().split("\n")).toHaveLength(2);
  });

  it("check --live asks each destination, and says what to do about one that does not work", async () => {
    const fine = await bellhop("check", "--live");
    sandbox.setChannel("discord", "1099414111111111111", "missing");
    const broken = await bellhop("check", "--live");
    sandbox.setChannel("discord", "1099414111111111111", "open");

    expect(fine).toMatchObject({ code: 0, err: "" });
    expect(fine.out).toContain("config.yaml is fine: 2 sources, 4 destinations, 3 routes");
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/discord-bot\n {2}✗ .+/);
    expect(broken.out).not.toContain("is fine");
  });

  it.each([
    [["serve", "--config", "nowhere.yaml"], /nowhere\.yaml/],
    [["send", "nowhere.json"], /nowhere\.json cannot be read/],
    [["send", `${SAMPLES}demo.yaml`], /does not look like any configured source/],
    [["sandbox", "--port", "x"], /--port must be a whole number/],
    [["replay"], /Nothing to replay/],
    [["replay", "evt_1", "--since", "2h"], /go with --dead/],
    [["replay", "evt_1", "--route", "all"], /go with --dead/],
    [["replay", "--quarantined", "--route", "all"], /go with --dead/],
    [["replay", "--delivered"], /--delivered needs --since/],
    [["frobnicate"], /unknown command 'frobnicate'/],
    [["events", "--bogus"], /unknown option '--bogus'/],
    [["events", "--since", "yesterday"], /must be a time such as/],
    [["events", "--limit", "0"], /must be a whole number from 1 to 500/],
    [["events", "--cursor", "x"], /what the last page said/],
    [["events", "--status", "lost"], /Allowed choices are stored, sent/],
    [["deliveries", "--status", "lost"], /Allowed choices are pending, sending/],
    [["events", "--url", "127.0.0.1:8090"], /--url must be an address with http:/],
  ])("end with 2 and say what is wrong: %s", async (args, message) => {
    const ran = await bellhop(...args);

    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(message);
    expect(ran.err).not.toMatch(/^ +at /m);
  });

  it.each([
    [["events", "--url", "http://127.0.0.1:9"], /No bridge answers/],
    [["explain", "evt_none"], /There is no event evt_none/],
  ])("end with 1 when it cannot be done: %s", async (args, message) => {
    const to = args.includes("--url") ? [] : ["--url", served.url];

    const ran = await bellhop(...args, ...to);

    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(message);
  });

  it.each([
    "serve",
    "demo",
    "sandbox",
    "check",
    "send",
    "preview",
    "test",
    "events",
    "deliveries",
    "explain",
    "replay",
    "resume",
  ])("%s has a help text", async (command) => {
    const ran = await bellhop(command, "--help");

    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(new RegExp(`^Usage: bellhop ${command}`));
  });

  it("the demo posts to both platforms and says what was dropped and why", async () => {
    const ran = await bellhop("demo");

    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out.trimEnd().split("\n").at(-1)).toBe(
      "Posted 14 messages (7 to Slack, 7 to Discord). Dropped 3 of 10 webhooks: 1 duplicate, 1 bad signature, 1 stale state.",
    );
  });

  it("what answers but is no bridge is called that", async () => {
    const events = await bellhop("events", "--url", sandbox.url);
    const sent = await bellhop("send", `${SAMPLES}polar/created.json`, "--url", sandbox.url);

    for (const ran of [events, sent]) {
      expect(ran.code).toBe(1);
      expect(ran.err).toContain(`What answers at ${sandbox.url} is not a Bellhop bridge.`);
    }
  });

  it("an address may end in slashes", async () => {
    const ran = await bellhop("events", "--url", `${served.url}//`);

    expect(ran).toMatchObject({ code: 0, err: "" });
  });

  it("a port that is taken is told in a sentence, and no stack", async () => {
    const ran = await bellhop("sandbox", "--port", new URL(sandbox.url).port);

    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/^It is not possible to listen at 127\.0\.0\.1:\d+: something else/);
    expect(ran.err).not.toMatch(/^ +at /m);
  });

  it("listing needs no flawless config, only to know where the bridge is", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "bellhop-flawed-"));
    const { port } = new URL(served.url);
    await writeFile(join(elsewhere, "config.yaml"), `server: { port: ${port} }\nroutes: none\n`);

    const listed = await run(["events"], elsewhere, {});
    await writeFile(join(elsewhere, "config.yaml"), "server: { port: none }\n");
    const refused = await run(["events"], elsewhere, {});

    expect(listed).toMatchObject({ code: 0, err: "" });
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("server.port") });
    await rm(elsewhere, { recursive: true });
  });

  it("a reader that leaves early is no failure", async () => {
    const ran = await runUnread(["events", "--url", served.url], folder, env);

    expect(ran).toMatchObject({ code: 0, err: "" });
  });

  it("npm passes on what tells the bridge to end", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "bellhop-npm-"));
    await writeHouse(elsewhere, sandbox, { config: PARTIES + ROUTES });

    const started = await serveByNpm(elsewhere, env);
    await started.stop();

    await expect(fetch(`${started.url}/healthz`)).rejects.toThrow();
    await rm(elsewhere, { recursive: true });
  });

  it("the config that the sandbox prints works as it is", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "bellhop-pasted-"));
    const printed = await runUntil(["sandbox", "--port", "0"], elsewhere, env, "Stop it with");
    const shown = printed.slice(printed.indexOf("sources:"), printed.indexOf("What is posted"));
    await writeFile(join(elsewhere, "config.yaml"), shown);

    const ran = await run(["check", "--strict"], elsewhere, {});

    expect(ran).toMatchObject({ code: 0, err: "" });
    await rm(elsewhere, { recursive: true });
  });

  it("a .env file beside the config is read", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "bellhop-env-"));
    await writeHouse(elsewhere, sandbox, { config: PARTIES + ROUTES });
    await writeFile(
      join(elsewhere, ".env"),
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(""),
    );

    const ran = await run(["check"], elsewhere, {});

    expect(ran).toMatchObject({ code: 0, err: "" });
    await rm(elsewhere, { recursive: true });
  });
});
