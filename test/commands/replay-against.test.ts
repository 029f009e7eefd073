import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  environment,
  type House,
  openHouse,
  PARTIES,
  sample,
  sourceOf,
} from "../end-to-end/house.ts";
import { type Ran, run } from "../end-to-end/process.ts";

const ROUTES = `
routes:
  - name: new customers
    match: { changes.kind: customer.created }
    send: slack-bot
  - name: subscriptions
    match: { changes.kind: "subscription.*" }
    send: [slack-bot, discord-bot]
    template: customer-state
  - name: groups
    match: { event: customer.customer_group_memberships_changed }
    send: discord-webhook
`;

/** Groups go to Slack too, and by another template; new customers nowhere; and Pro is called Professional. */
const OTHER = (PARTIES + ROUTES)
  .replace("cfe23: Pro", "cfe23: Professional")
  .replace(
    "send: discord-webhook",
    "send: [discord-webhook, slack-webhook]\n    template: group-membership",
  )
  .replace("customer.created }", 'customer.created, customer.email: "*@nowhere.example" }');

const DAY = ["--since", "2026-11-22T00:00:00Z", "--until", "2026-11-23T00:00:00Z"];

const TEMPLATES = {
  "group-membership.hbs": 'The `groups` of "{{customer.label}}" changed. ```Look```',
};

describe("replay --against", () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse({
      config: PARTIES + ROUTES,
      startAt: Date.parse("2026-11-22T10:00:00Z"),
    });
    for (const name of ["created", "subscribed", "cancellation-scheduled", "order-paid"])
      await house.send("polar", await sample(`polar/${name}`));
    await house.send("polar", Buffer.from("{"));
    const grouped = await sample("plain/group-added");
    await house.send(
      "plain",
      sourceOf(house.config, "plain").refresh(grouped, new Date("2026-11-22T10:00:00Z")),
    );
    await house.bridge.idle();
    await write("other", OTHER, TEMPLATES);
    await write("same", PARTIES + ROUTES);
    await write("moved", (PARTIES + ROUTES).replace("C024BE91L", "C024BE92L"));
  });
  afterAll(() => house.close());

  const write = async (
    name: string,
    config: string,
    templates: Readonly<Record<string, string>> = {},
  ) => {
    await mkdir(join(house.folder, name, "templates"), { recursive: true });
    await writeFile(join(house.folder, name, "config.yaml"), config);
    for (const [file, text] of Object.entries(templates))
      await writeFile(join(house.folder, name, "templates", file), text);
  };
  const against = (name: string, ...args: string[]): Promise<Ran> =>
    run(
      ["replay", "--against", `${name}/config.yaml`, ...DAY, ...args],
      house.folder,
      environment(house.sandbox),
    );

  it.each([
    ["table.txt", []],
    ["pull-request.md", ["--markdown"]],
  ])("tells what would be gained, lost and changed: %s", async (file, args) => {
    const ran = await against("other", ...args);

    const expected = new URL(`../fixtures/against/${file}`, import.meta.url);
    const text = normalized(ran.out);
    if (process.env["UPDATE"] === "1") writeFileSync(expected, text);
    expect(existsSync(expected), `${expected.pathname} is missing: run with UPDATE=1`).toBe(true);
    expect(text).toBe(readFileSync(expected, "utf8"));
    expect(ran).toMatchObject({ code: 0, err: "" });
  });

  it("prints all of it as JSON, with the exact requests", async () => {
    const ran = await against("other", "--json", "--show", "1");

    const { events, destinations, differences } = JSON.parse(ran.out) as {
      events: object;
      destinations: readonly object[];
      differences: readonly {
        verdict: string;
        destination: string;
        examples: readonly { today: { request: { call: string } } | null }[];
      }[];
    };
    expect(events).toEqual({
      read: 6,
      compared: 5,
      as_recorded: 1,
      left_out: {
        unchanged: 0,
        stale: 0,
        quarantined: 1,
        waiting: 0,
        pruned: 0,
        unreadable: 0,
        sourceless: 0,
      },
    });
    expect(destinations).toContainEqual({
      name: "discord-bot",
      in: "both",
      moved: false,
      same: 0,
      gained: 0,
      lost: 0,
      changed: 2,
    });
    expect(differences.map((one) => [one.destination, one.verdict])).toEqual([
      ["slack-bot", "changed"],
      ["slack-bot", "lost"],
      ["slack-webhook", "gained"],
      ["discord-bot", "changed"],
      ["discord-webhook", "changed"],
    ]);
    expect(differences[1]?.examples[0]).toMatchObject({
      event: expect.stringMatching(/^evt_/),
      today: {
        text: expect.arrayContaining(["Ada Lindqvist: The customer was created."]),
        template_error: null,
        request: { call: expect.stringContaining("chat.postMessage"), body: {} },
      },
      other: null,
      diff: null,
    });
  });

  it("shows as many examples as asked for, and none of the texts with --show 0", async () => {
    const none = await against("other", "--show", "0");

    expect(none.out).toContain("slack-bot: 2 changed");
    expect(none.out).toContain("and 2 more like these");
    expect(none.out).not.toContain("Ada");
  });

  it("sends nothing, and leaves the store as it is", async () => {
    const requests = house.sandbox.requests;
    const deliveries = (await house.bridge.store.deliveries({ limit: 100 })).items;

    await against("other");

    expect(house.sandbox.requests).toBe(requests);
    expect((await house.bridge.store.deliveries({ limit: 100 })).items).toEqual(deliveries);
  });

  it.each([
    ["other", 1],
    ["same", 0],
    ["moved", 1],
  ])("ends with --exit-code as diff does: %s with %i", async (name, code) => {
    const ran = await against(name, "--exit-code");

    expect(ran).toMatchObject({ code, err: "" });
  });

  it("says of a destination that it moved, and not of each of its messages", async () => {
    const ran = await against("moved");

    expect(ran.out).toContain("In moved/config.yaml another channel or account: slack-bot.");
    expect(ran.out).toContain("none of 6 messages would differ");
  });

  it("keeps to a source and a number of events", async () => {
    const plain = await against("other", "--source", "plain");
    const newest = await against("other", "--limit", "2");
    const none = await against("other", "--until", "2026-11-22T01:00:00Z");

    expect(plain.out).toContain("\n1 event, from ");
    expect(newest.out).toContain("\n2 events, from ");
    expect(none.out).toContain("There are no events to compare.");
  });

  it("needs the other config's variables too", async () => {
    await write("unset", PARTIES.replaceAll("POLAR_SECRET", "NEW_SECRET") + ROUTES);

    const ran = await against("unset");

    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain("unset/config.yaml");
    expect(ran.err).toContain("NEW_SECRET");
  });

  it("takes them from the .env beside the other config", async () => {
    await write("own", PARTIES.replaceAll("POLAR_SECRET", "NEW_SECRET") + ROUTES);
    await writeFile(join(house.folder, "own", ".env"), "NEW_SECRET=whsec_bmV3\n");

    const ran = await against("own");

    expect(ran).toMatchObject({ code: 0, err: "" });
  });

  it.each([
    [["--dead"], /--dead does not go with it/],
    [["--dry-run"], /--dry-run does not go with it/],
    [["evt_1"], /ids do not go with it/],
    [["--json", "--markdown"], /exclude each other/],
    [["--source", "stripe"], /They have: polar, plain/],
    [["--since", "1h", "--until", "2h"], /--since must be before --until/],
    [["--limit", "0"], /whole number from 1 on/],
    [["--show", "x"], /whole number from 0 on/],
  ])("ends with 2 where it is asked for what does not go: %s", async (args, message) => {
    const ran = await against("same", ...args);

    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toMatch(message);
  });

  it("ends with 2 where what only compares is given without it", async () => {
    const ran = await run(["replay", "--markdown"], house.folder, environment(house.sandbox));

    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining("goes with --against") });
  });
});

function normalized(text: string): string {
  const ids: string[] = [];
  return text
    .replaceAll(/\bevt_[0-9A-Z]{26}\b/g, (id) => {
      if (!ids.includes(id)) ids.push(id);
      return `evt_${ids.indexOf(id) + 1}`;
    })
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "<time>");
}
