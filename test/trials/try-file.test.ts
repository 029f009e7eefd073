import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import { type Result, trialsIn, tryFile, updateFile } from "../../src/trials/try-file.ts";
import { exampleStage } from "./stage.ts";

const stage = await exampleStage();

const GROUP = { payload: resolve("samples/plain/group-added.json") };
const CANCELED = {
  payload: resolve("samples/polar/cancellation-scheduled.json"),
  before: resolve("samples/polar/subscribed.json"),
};

describe("an expectation is met", () => {
  it.each([
    ["of what becomes of the event", GROUP, { status: "sent" }],
    ["of changes by their kind", GROUP, { changes: "group.added" }],
    [
      "of parts of a change",
      GROUP,
      { changes: [{ group: { key: "free-tier" }, subscription: null }] },
    ],
    ["of routes", GROUP, { routes: "everything else" }],
    ["of destinations", GROUP, { sent: ["success"] }],
    [
      "of a template and a route",
      GROUP,
      message({ template: "default", route: "everything else" }),
    ],
    ["of a text, whatever line break ends it", GROUP, message({ body: "Added to Free Tier.\n" })],
    ["of texts that must be there", GROUP, message({ contains: ["Peter Santos", "Free Tier"] })],
    ["of a text that must not be there", GROUP, message({ not_contains: "Enterprise" })],
    ["of parts of the request", GROUP, message({ request: { embeds: [{ color: 0x5865f2 }] } })],
    ["after an earlier payload", CANCELED, { changes: "subscription.cancellation_scheduled" }],
  ])("%s", async (_, given, expected) => {
    const result = await tried({ ...given, expect: expected });

    expect(result).toMatchObject({ status: "passed", failures: [], remarks: [] });
  });

  it("of destinations in any order", async () => {
    const enterprise = {
      "payload.customer.customerGroupMemberships[0].customerGroup.key": "enterprise",
    };

    const result = await tried({
      ...GROUP,
      set: enterprise,
      expect: { sent: ["success", "sales"] },
    });

    expect(result.status).toBe("passed");
  });
});

describe("an expectation is missed", () => {
  it.each([
    ["of what becomes of the event", { status: "unrouted" }, "unrouted", "sent"],
    ["of one change too many", { changes: [] }, [], ["group.added"]],
    [
      "of a part of a change, of which only the parts asked for are told",
      { changes: [{ group: { key: "enterprise" } }] },
      [{ group: { key: "enterprise" } }],
      [{ group: { key: "free-tier" } }],
    ],
    ["of a route", { routes: "enterprise joins" }, ["enterprise joins"], ["everything else"]],
    ["of a destination", { sent: ["success", "sales"] }, ["success", "sales"], ["success"]],
    ["of a text", message({ footer: "Polar" }), "Polar", "Plain • by a teammate"],
    [
      "of no text at all",
      message({ link: "" }),
      "",
      expect.stringMatching(/^https:\/\/app\.plain/),
    ],
    [
      "of a part of the request",
      message({ request: { embeds: [{ color: 1 }] } }),
      { embeds: [{ color: 1 }] },
      { embeds: [{ color: 0x5865f2 }] },
    ],
  ])("%s", async (_, wanted, expected, actual) => {
    const result = await tried({ ...GROUP, expect: wanted });

    expect(result.status).toBe("failed");
    expect(result.failures).toEqual([expect.objectContaining({ expected, actual })]);
  });

  it.each([
    [
      "of a text that is not there",
      message({ contains: "Ada" }),
      'Nowhere in the message stands "Ada".',
    ],
    [
      "of a text that is there",
      message({ not_contains: ["x9", "Free"] }),
      'In the message stands "Free".',
    ],
    [
      "of a field that the message does not have",
      message({ fields: { Plan: "Pro" } }),
      'The message has no field "Plan".',
    ],
    [
      "of a message that is not sent",
      { messages: { success: { tone: "info" }, sales: { tone: "info" } } },
      'No message is sent to "sales".',
    ],
    ["of anything, while nothing is expected", null, "Nothing is expected here yet."],
    [
      "of a text that is yet to be written",
      message({ title: null }),
      "Nothing is expected here yet.",
    ],
  ])("%s", async (_, wanted, note) => {
    const result = await tried({ ...GROUP, expect: wanted });

    expect(result.failures).toEqual([expect.objectContaining({ note })]);
  });

  it("at the place in the file where it stands", async () => {
    const text = `tests:
  - name: told to sales
    payload: ${GROUP.payload}
    expect:
      changes: [group.added]
      sent:
        - sales
`;
    const trials = await trialsIn(await fileOf(text), stage);

    const [result] = tryFile(trials, stage, () => true);

    expect(result?.line).toBe(2);
    expect(result?.failures).toMatchObject([{ line: 7, column: 9, path: "expect.sent" }]);
  });

  it("and a remark tells that the payload is too old", async () => {
    const again = { payload: CANCELED.before, before: CANCELED.before, expect: { status: "sent" } };

    const result = await tried(again);

    expect(result.remarks).toEqual([
      "The payload is not newer than the ones in `before`: give it a later time with `set`.",
    ]);
  });

  it("and a remark tells why a payload cannot be read", async () => {
    const broken = { ...CANCELED, remove: ["data.id"], expect: { status: "sent" } };

    const result = await tried(broken);

    expect(result.remarks).toEqual([expect.stringMatching(/does not fit its schema at data\.id/)]);
  });
});

it("only tests whose names are taken are run", async () => {
  const tests = ["one", "two"].map((name) => ({ name, ...GROUP, expect: { status: "sent" } }));
  const trials = await trialsIn(await fileOf(stringify({ tests })), stage);

  const results = tryFile(trials, stage, (name) => name === "two");

  expect(results.map(({ name }) => name)).toEqual(["two"]);
});

describe("an update", () => {
  it("writes all that matters where nothing is expected yet", async () => {
    const [result, entry] = await updated({ ...GROUP, expect: null });

    expect(result.status).toBe("updated");
    expect(entry["expect"]).toEqual({
      changes: ["group.added"],
      routes: ["everything else"],
      sent: ["success"],
      messages: {
        success: { summary: "Peter Santos: Added to the group Free Tier by a teammate." },
      },
    });
  });

  it("writes what is wrong, and nothing that was left out on purpose", async () => {
    const [result, entry] = await updated({
      ...GROUP,
      expect: { sent: ["sales"], messages: { success: { title: null, tone: "bad" } } },
    });

    expect(result.status).toBe("updated");
    expect(entry["expect"]).toEqual({
      sent: ["success"],
      messages: { success: { title: expect.stringContaining("Peter Santos"), tone: "info" } },
    });
  });

  it("takes out the message that is not sent", async () => {
    const [result, entry] = await updated({
      ...GROUP,
      expect: { messages: { sales: { tone: "info" }, success: { tone: "info" } } },
    });

    expect(result.status).toBe("updated");
    expect(entry["expect"]).toEqual({ messages: { success: { tone: "info" } } });
  });

  it("writes what comes where nothing is left of an expectation", async () => {
    const [result, entry] = await updated({
      ...GROUP,
      expect: { messages: { sales: { tone: "info" } } },
    });

    expect(result.status).toBe("updated");
    expect(entry["expect"]).toMatchObject({ sent: ["success"] });
  });

  it("leaves to a person what a message must contain", async () => {
    const wanted = message({ contains: "Ada", tone: "bad" });

    const [result, entry] = await updated({ ...GROUP, expect: wanted });

    expect(result).toMatchObject({ status: "failed", failures: [{ isFixable: false }] });
    expect(entry["expect"]).toEqual(message({ contains: "Ada", tone: "info" }));
  });

  it("writes once what several tests share", async () => {
    const text = sharing("[sales]");
    const file = await fileOf(text);

    const results = await updateFile(await trialsIn(file, stage), stage, () => true);

    expect(results.map(({ status }) => status)).toEqual(["updated", "updated"]);
    expect(await readFile(file, "utf8")).toBe(text.replace("[sales]", "[success]"));
  });

  it("writes nothing where that would change what another test expects, and names where that stands", async () => {
    const text = sharing("[sales]");
    const file = await fileOf(text);
    const trials = await trialsIn(file, stage);

    const update = updateFile(trials, stage, (name) => name === "second");

    await expect(update).rejects.toMatchObject({
      code: "update-failed",
      message: expect.stringMatching(/:4:\d+: `expect.sent` cannot be written here\.$/),
      hint: expect.stringContaining("anchor"),
    });
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it("does not touch a file whose tests pass", async () => {
    const text = `tests: [ {name:  "told" , payload: "${GROUP.payload}", expect: {status: sent}} ] # fine\n`;
    const file = await fileOf(text);

    const results = await updateFile(await trialsIn(file, stage), stage, () => true);

    expect(results.map(({ status }) => status)).toEqual(["passed"]);
    expect(await readFile(file, "utf8")).toBe(text);
  });
});

/** Two tests, the second of which expects by an alias what the first does. */
function sharing(sent: string): string {
  return `tests:
  - name: first
    payload: ${GROUP.payload}
    expect: &both { sent: ${sent} } # why
  - name: second
    payload: ${GROUP.payload}
    expect: *both
`;
}

/** An expectation of the message to "success". */
function message(parts: object): object {
  return { messages: { success: parts } };
}

async function tried(test: object): Promise<Result> {
  const trials = await trialsIn(await fileOf(fileText(test)), stage);
  const [result] = tryFile(trials, stage, () => true);
  if (result === undefined) throw new Error("The file holds no test.");
  return result;
}

/** What came of an update, and the test as the file has it then. */
async function updated(
  test: object,
): Promise<readonly [Result, Readonly<Record<string, unknown>>]> {
  const file = await fileOf(fileText(test));
  const [result] = await updateFile(await trialsIn(file, stage), stage, () => true);
  const written = parse(await readFile(file, "utf8")) as { tests: Record<string, unknown>[] };
  const [entry] = written.tests;
  if (result === undefined || entry === undefined) throw new Error("The file holds no test.");
  return [result, entry];
}

function fileText(test: object): string {
  return stringify({ tests: [{ name: "it", ...test }] });
}

async function fileOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-trials-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "config.test.yaml");
  await writeFile(file, text);
  return file;
}
