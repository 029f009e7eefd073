import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment, exchanged, type House, openHouse, PARTIES, sample } from "./house.ts";
import { type Ran, run, runUntil } from "./process.ts";

const ROUTES = `
routes:
  - name: groups
    match: { changes.kind: "group.*" }
    send: [slack-bot, discord-bot]
    template: group-membership
  - name: plans
    match: { changes.kind: "subscription.*" }
    send: slack-webhook
`;
const GROUP = resolve("samples/plain/group-added.json");
const CHANGED = [
  resolve("samples/polar/plan-changed.json"),
  "--before",
  resolve("samples/polar/subscribed.json"),
];

describe("bellhop preview", () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ config: PARTIES + ROUTES });
  });
  afterAll(() => house.close());

  const preview = (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ran> =>
    run(["preview", ...args], house.folder, { ...environment(house.sandbox), ...env });

  it("draws the messages as people would see them, in 80 columns", async () => {
    const ran = await preview([GROUP], { COLUMNS: "80" });

    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toBe(await readFile("test/fixtures/preview/group.txt", "utf8"));
  });

  it("draws two messages next to each other where there is room", async () => {
    const ran = await preview([GROUP], { COLUMNS: "120" });

    expect(ran.out).toMatch(/^╭─ slack-bot · Slack ─+╮ {2}╭─ discord-bot · Discord ─+╮$/m);
  });

  it("uses colors where they are wanted, and none elsewhere", async () => {
    const plain = await preview([GROUP]);
    const colored = await preview([GROUP], { NO_COLOR: "", FORCE_COLOR: "1" });

    expect(plain.out).not.toContain("\u001B");
    expect(colored.out).toContain("\u001B[");
  });

  it("compares with earlier payloads, and shows the exact requests when asked to", async () => {
    const ran = await preview([...CHANGED, "--requests"]);

    const [, request = ""] = /^Request to slack-webhook\nPOST .+\n(\{[^]+\})$/m.exec(ran.out) ?? [];
    expect(ran.out).toContain("subscription.plan_changed");
    expect(JSON.parse(request)).toMatchObject({ text: expect.stringContaining("Upgraded") });
  });

  it("says why nothing would be posted", async () => {
    const unrouted = await preview([resolve("samples/polar/created.json")]);
    const stale = await preview([...CHANGED, "--before", CHANGED[0] ?? ""]);

    expect(unrouted.out).toContain("Nothing would be posted: no route takes it.");
    expect(stale.out).toBe("Nothing would be posted: the event is stale.\n");
  });

  it("says why a payload would be quarantined, and ends with 1", async () => {
    const broken = join(house.folder, "broken.json");
    await writeFile(broken, '{ "type": "customer.state_changed", "data": {} }');

    const ran = await preview([broken]);

    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/^This payload would be quarantined: .+ does not fit its schema/);
  });

  it("takes a recorded event with its changes, and holds it against the config as it is now", async () => {
    await house.send("polar", await sample("polar/subscribed"));
    const { body } = await house.send("polar", await sample("polar/plan-changed"));
    await house.bridge.idle();
    const id = body.id ?? "";
    const asked = ["--event", id, "--url", house.bridge.url];
    const other = join(house.folder, "other.yaml");
    await writeFile(other, PARTIES + ROUTES.replace("send: slack-webhook", "send: discord-bot"));

    const today = await preview([...asked, "--json"]);
    const tomorrow = await preview([...asked, "--json", "--config", other]);

    expect(today).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(today.out)).toMatchObject({
      status: "sent",
      changes: [{ kind: "subscription.plan_changed" }],
      routes: [
        { name: "groups", matched: false },
        { name: "plans", matched: true },
      ],
      messages: [{ destination: "slack-webhook", route: "plans", request: { body: {} } }],
    });
    expect(JSON.parse(tomorrow.out)).toMatchObject({ messages: [{ destination: "discord-bot" }] });
  });

  it("says of a recorded event that changed nothing that nothing would be posted", async () => {
    const again = await exchanged("polar/plan-changed", {
      "2026-11-21T11:03:31.207745Z": "2026-11-21T12:00:00.000000Z",
    });
    const { body } = await house.send("polar", again);
    await house.bridge.idle();

    const ran = await preview(["--event", body.id ?? "", "--url", house.bridge.url]);

    expect(ran).toMatchObject({
      code: 0,
      out: "Nothing would be posted: the event is unchanged.\n",
    });
  });

  it.each([
    [[], /Nothing to preview/],
    [[GROUP, "--event", "evt_1"], /not both/],
    [["--event", "evt_1", "--source", "polar"], /go with a payload/],
    [["-", "--watch"], /standard input/],
    [["nowhere.json"], /nowhere\.json cannot be read/],
    [[GROUP, "--before", resolve("samples/polar/created.json")], /earlier payload cannot be used/],
  ])("ends with 2 and says what is wrong: %j", async (args, message) => {
    const ran = await preview(args);

    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toMatch(message);
  });

  it("ends with 1 when there is no such event", async () => {
    const ran = await preview(["--event", "evt_none", "--url", house.bridge.url]);

    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining("no event evt_none") });
  });

  it("looks again at each save, tells mistakes, and goes on until it is told to end", async () => {
    const templates = join(house.folder, "templates");
    const payload = join(house.folder, "payload.json");
    await mkdir(templates);
    await writeFile(payload, await sample("plain/group-added"));
    const template = (text: string) => () =>
      writeFile(join(templates, "group-membership.hbs"), text);
    const steps: readonly (readonly [string, () => Promise<void>])[] = [
      ["Waiting", template("One {{customer.label}}")],
      ["One Peter Santos", template("Two {{customer.lable}}")],
      ["Did you mean", template("Three {{customer.label}}")],
      // As editors save: the new text in another file, which then takes the old one's name.
      [
        "Three Peter Santos",
        async () => {
          await writeFile(
            `${payload}~`,
            await exchanged("plain/group-added", { "Peter Santos": "Ada" }),
          );
          await rename(`${payload}~`, payload);
        },
      ],
    ];
    let next = 0;

    const printed = await runUntil(
      ["preview", payload, "--watch"],
      house.folder,
      environment(house.sandbox),
      "Three Ada",
      (out) => {
        const [awaited, save] = steps[next] ?? [];
        if (awaited === undefined || !out.includes(awaited)) return;
        next += 1;
        void save?.();
      },
    );

    expect(next).toBe(steps.length);
    expect(printed).toContain("Three Ada");
    expect(printed).not.toContain("\u001B");
  });
});
