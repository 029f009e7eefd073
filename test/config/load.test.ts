import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError } from "../../src/config/yaml/config-error.ts";
import type { Config } from "../../src/config/config.ts";
import { checkConfig, loadConfig } from "../../src/config/load.ts";
import { change } from "../../src/core/change.ts";
import { factsOf } from "../../src/core/facts.ts";
import { decided } from "../core/decided.ts";
import { factsWith } from "../core/facts.ts";

const ENV = {
  POLAR_WEBHOOK_SECRET: "polar_whs_hidden-value",
  PLAIN_SIGNING_SECRET: "hidden-value-plain",
  SLACK_BOT_TOKEN: "xoxb-hidden-value",
  DISCORD_BOT_TOKEN: "hidden-value-discord",
  OPS_SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T00000000/B00000000/hiddenvalue",
  BELLHOP_ADMIN_TOKEN: "hidden-value-admin",
};

const MINIMAL = `
sources:
  polar: { type: polar, secrets: ["\${POLAR_WEBHOOK_SECRET}"] }
destinations:
  sales: { type: slack, token: "\${SLACK_BOT_TOKEN}", channel: C024BE91L }
routes:
  - send: sales
`;

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bellhop-config-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string, name = "config.yaml"): string {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test("the example has no problem and no warning", async () => {
  const { text, config } = await checkConfig("config.example.yaml", ENV);

  expect(text).toBe("");
  expect(config?.routes.map((route) => route.name)).toEqual([
    "enterprise joins",
    "at risk",
    "everything else",
  ]);
});

test("what is left out has its default", async () => {
  const config = await loadConfig(write(MINIMAL), ENV);

  expect(config).toMatchObject({
    file: join(folder, "config.yaml"),
    server: { host: "127.0.0.1", port: 8090, adminToken: null, bodyLimit: 1_048_576 },
    store: { kind: "sqlite", path: join(folder, "data/bellhop.db") },
    operator: [],
    delivery: { giveUpAfterMs: 259_200_000, timeoutMs: 10_000 },
    warnings: [],
  });
  expect(config.routes).toMatchObject([
    { name: "route 1", send: ["sales"], template: null, when: null, stop: false },
  ]);
});

test("a config that is there but wrong is refused with everything at once", async () => {
  const file = write(MINIMAL.replace("send: sales", "sends: sals").replace("polar,", "polr,"));

  const refused = await loadConfig(file, ENV).catch((error: unknown) => error);

  expect(refused).toBeInstanceOf(ConfigError);
  expect(refused).toMatchObject({
    code: "config-invalid",
    problems: [
      { line: 3, path: "sources.polar.type" },
      { line: 7, path: "routes[0].sends" },
      { line: 7, path: "routes[0].sends" },
    ],
  });
});

test("a file that is not there says how to begin", async () => {
  const { text, config } = await checkConfig(join(folder, "nowhere.yaml"), ENV);

  expect(config).toBeUndefined();
  expect(text).toContain(
    "There is no such file. Write one with `bellhop init`, or name another file with `--config`.",
  );
});

test("a folder in the place of the file is told", async () => {
  const { text } = await checkConfig(folder, ENV);

  expect(text).toContain("This file cannot be read (EISDIR).");
});

describe("unusual but right", () => {
  const right: readonly (readonly [string, string])[] = [
    [
      "JSON",
      JSON.stringify({
        sources: { a: { type: "plain", secrets: ["x"] } },
        destinations: { b: { type: "slack", token: "t", channel: "#general" } },
        routes: [{ send: ["b"] }],
      }),
    ],
    ["a byte order mark and Windows line ends", `\uFEFF${MINIMAL.replaceAll("\n", "\r\n")}`],
    [
      "an anchor and its alias",
      MINIMAL.replace(
        "- send: sales",
        "- match: &m { tone: bad }\n    send: &s [sales]\n  - match: { not: *m }\n    send: *s",
      ),
    ],
    [
      "any within not within any",
      `${MINIMAL}    match: { any: [{ not: { any: [{ tone: bad }, { tone: warning }] } }, { event: "*" }] }\n`,
    ],
    [
      "every test of a condition",
      `${MINIMAL}    match: { subscription.amount: { gt: 1, gte: 2, lt: 9, lte: 8, not: [5, 6], exists: true } }\n`,
    ],
    [
      "null for a fact that is not there",
      `${MINIMAL}    match: { customer.email: null, changes.group: { exists: false } }\n`,
    ],
    [
      "a path into the payload",
      `${MINIMAL}    match: { data.anything.at.all: [1, "two", true, null], customer.metadata.plan: 5 }\n`,
    ],
    ["a time compared as text", `${MINIMAL}    match: { time: { gte: 2026-01-01 } }\n`],
    [
      "a pattern for kinds",
      `${MINIMAL}    match: { changes.kind: ["subscription.*", "*.added"] }\n`,
    ],
    ["a list inside a list of changes", `${MINIMAL}    match: { changes.fields: email }\n`],
    [
      "an event type that Bellhop computes nothing for",
      `${MINIMAL}    match: { event: order.paid }\n`,
    ],
    ["an empty match", `${MINIMAL}    match: {}\n`],
    [
      "a folded when",
      `${MINIMAL}    when: >-\n      changes.exists(c,\n        has(c.benefit) && c.benefit.type == "x")\n`,
    ],
    ["a template that ships with Bellhop", `${MINIMAL}    template: customer-state\n`],
    ["no admin token", `${MINIMAL}server: { admin_token: "\${NOTHING:-}" }\n`],
    ["sizes and ports of all kinds", `${MINIMAL}server: { port: 0, body_limit: 65536 }\n`],
    [
      "a webhook on loopback",
      MINIMAL.replace(
        'token: "${SLACK_BOT_TOKEN}", channel: C024BE91L',
        "webhook: http://127.0.0.1:8099/services/T00000000/B00000000/x",
      ),
    ],
    [
      "a group without conditions, whose routes each have a destination",
      MINIMAL.replace(
        "- send: sales",
        "- template: customer-state\n    routes:\n      - match: { tone: bad }\n        send: sales\n        stop: true\n      - send: [sales]",
      ),
    ],
    [
      "the same conditions in a group and in its routes",
      `${MINIMAL}    match: { changes.kind: "subscription.*" }\n    stop: true\n    routes: [{ match: { changes.kind: "*.ended" } }, {}]\n  - send: sales\n`,
    ],
    ["numbers in names", MINIMAL.replace("polar:", "polar-2:").replaceAll("sales", "team-7")],
  ];

  test.each(right)("%s", async (_, text) => {
    const { text: told } = await checkConfig(write(text), ENV);

    expect(told).toBe("");
  });
});

describe("the environment", () => {
  test("a variable of the .env file beside the config is read", async () => {
    write("SLACK_BOT_TOKEN='xoxb-from-dotenv'\nPOLAR_WEBHOOK_SECRET=x\n", ".env");

    const { problems } = await checkConfig(write(MINIMAL), {});

    expect(problems).toEqual([]);
  });

  test("the real environment wins over the .env file", async () => {
    write("PORT=1111\nHOST=dotenv.invalid\n", ".env");
    const text = `${MINIMAL}server:\n  port: \${PORT}\n  host: \${HOST}\n`;

    const config = await loadConfig(write(text), { ...ENV, PORT: "2222" });

    expect(config.server).toMatchObject({ port: 2222, host: "dotenv.invalid" });
  });

  test("a folder called .env is none of Bellhop's business", async () => {
    mkdirSync(join(folder, ".env"));

    const { problems } = await checkConfig(write(MINIMAL), ENV);

    expect(problems).toEqual([]);
  });

  test("a number and a boolean may come from it where the config asks for one", async () => {
    const text = `${MINIMAL}    stop: \${STOP}\n    match:\n      subscription.amount: { gte: 5, lt: 60000 }\n      any:\n        - subscription.amount:\n            gte: \${LIMIT:-10000}\n`;

    const config = await loadConfig(write(text), { ...ENV, STOP: "true" });

    expect(config.routes).toMatchObject([{ stop: true }]);
  });

  test("a value that only looks like a number stays text where text is asked for", async () => {
    const sales = "sales:\n    type: discord\n    token: x\n    channel: ${CHANNEL}\n";
    const text = MINIMAL.replace(/sales: \{.*\}\n/, sales);

    const config = await loadConfig(write(text), { ...ENV, CHANNEL: "1099414111111111111" });

    expect(config.destinations[0]?.lane).toContain("1099414111111111111");
  });

  test("a secret is read from a file, relative to the config", async () => {
    write("xoxb-hidden-value\n", "secrets/slack");
    const text = MINIMAL.replace("${SLACK_BOT_TOKEN}", "${file:secrets/slack}");

    const { problems } = await checkConfig(write(text), ENV);

    expect(problems).toEqual([]);
  });
});

test("a Discord channel without quotes keeps every digit", async () => {
  const text = MINIMAL.replace("type: slack", "type: discord").replace(
    "C024BE91L",
    "12345678901234567890",
  );

  const config = await loadConfig(write(text), ENV);

  expect(config.destinations[0]?.lane).toContain("12345678901234567890");
});

/** A value as logs and answers would show it. */
function printed(value: unknown): string {
  return `${inspect(value, { depth: null, showHidden: true, getters: true })}${JSON.stringify(value)}`;
}

describe("secrets", () => {
  test("a config printed in any way holds none", async () => {
    const config = await loadConfig("config.example.yaml", ENV);

    expect(printed(config)).toContain("config.example.yaml");
    expect(printed(config)).not.toMatch(/hidden-?value/);
    expect(config.server.adminToken?.reveal()).toBe("hidden-value-admin");
  });

  test("an error printed in any way holds none, even where the value is what is wrong", async () => {
    const wrong = `
server: { port: "\${POLAR_WEBHOOK_SECRET}", body_limit: "\${POLAR_WEBHOOK_SECRET}" }
store: \${POLAR_WEBHOOK_SECRET}
sources:
  polar: { type: "\${POLAR_WEBHOOK_SECRET}", secrets: ["\${PLAIN_SIGNING_SECRET}"] }
  plain: { type: plain, secrets: ["\${PLAIN_SIGNING_SECRET}"], tolerance: "\${POLAR_WEBHOOK_SECRET}" }
destinations:
  sales: { type: slack, token: "\${SLACK_BOT_TOKEN}", channel: "# \${SLACK_BOT_TOKEN}" }
  ops: { type: slack, webhook: "https://\${DISCORD_BOT_TOKEN}.example.com/x" }
  success: { type: discord, webhook: "\${OPS_SLACK_WEBHOOK_URL}" }
routes:
  - name: \${DISCORD_BOT_TOKEN}
    match: { changes.kind: "\${DISCORD_BOT_TOKEN}", source.name: "\${SLACK_BOT_TOKEN}" }
    when: \${DISCORD_BOT_TOKEN} == "\${SLACK_BOT_TOKEN}"
    send: \${DISCORD_BOT_TOKEN}
    template: \${SLACK_BOT_TOKEN}
  - name: \${DISCORD_BOT_TOKEN}
    send: [sales]
delivery: { timeout: "\${DISCORD_BOT_TOKEN}" }
`;

    const refused = await loadConfig(write(wrong), ENV).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(ConfigError);
    expect((refused as ConfigError).problems.length).toBeGreaterThanOrEqual(14);
    expect(printed(refused)).not.toMatch(/hidden-?value/);
  });

  test("one written into the file is not shown in the frame of what stands beside it", async () => {
    const text = MINIMAL.replace("${SLACK_BOT_TOKEN}", "xoxb-hidden-value").replace(
      "${POLAR_WEBHOOK_SECRET}",
      "hidden-value",
    );
    const broken = text.replace("channel:", "chanel:").replace("polar,", "polr,");

    const { text: told, problems } = await checkConfig(write(broken), ENV);

    expect(problems).toHaveLength(2);
    expect(told + JSON.stringify(problems)).not.toContain("hidden-value");
  });

  test("a condition from the environment is not shown to those who ask why a route did not match", async () => {
    const text = `${MINIMAL}    when: event == '\${POLAR_WEBHOOK_SECRET}'\n`;

    const config = await loadConfig(write(text), ENV);
    const decision = decided(config.routes, facts());

    expect(decision.routes[0]?.failed?.path).toBe("when");
    expect(JSON.stringify(decision)).not.toContain("hidden-value");
  });
});

describe("nested routes", () => {
  const NESTED = MINIMAL.replace(
    "  - send: sales\n",
    `
  - match: { changes.kind: "subscription.*" }
    when: event != "order.refunded"
    send: sales
    template: customer-state
    stop: true
    routes:
      - match:
          changes.subscription.amount: { gte: 10000 }
      - name: small
        template: default
        routes: [{ send: [ops] }]
  - name: rest
    send: sales
`,
  ).replace(
    "routes:",
    '  ops: { type: slack, token: "${SLACK_BOT_TOKEN}", channel: C0OPS1234 }\nroutes:',
  );

  test("have from the groups around them what they do not say themselves", async () => {
    const { routes } = await loadConfig(write(NESTED), ENV);

    expect(routes).toMatchObject([
      {
        name: "route 1",
        stop: true,
        routes: [
          { name: "route 1.1", send: ["sales"], template: "customer-state", stop: false },
          {
            name: "small",
            routes: [{ name: "route 1.2.1", send: ["ops"], template: "default", stop: false }],
          },
        ],
      },
      { name: "rest", send: ["sales"], template: null },
    ]);
  });

  test("hold of one change what the group and the route ask of changes", async () => {
    const { routes } = await loadConfig(write(NESTED), ENV);
    const given = factsWith([
      { kind: "subscription.ended", amount: 500 },
      { kind: "customer.updated", amount: 20_000 },
    ]);

    const decision = decided(routes, given);

    expect(decision.routes.map(({ name, matched }) => [name, matched])).toEqual([
      ["route 1.1", false],
      ["route 1.2.1", true],
      ["rest", false],
    ]);
  });

  test("a number of the environment is one in their conditions too", async () => {
    const text = NESTED.replace("{ gte: 10000 }", "${LIMIT}");

    const { problems } = await checkConfig(write(text), { ...ENV, LIMIT: "10000" });

    expect(problems).toEqual([]);
  });

  test("the `when` of a group is shown as the file has it", async () => {
    const text = NESTED.replace("order.refunded", "${POLAR_WEBHOOK_SECRET}").replace(
      "event !=",
      "customer.label ==",
    );

    const { routes } = await loadConfig(write(text), ENV);
    const decision = decided(routes, factsWith([{ kind: "subscription.ended" }]));

    expect(decision.routes[0]?.failed?.path).toBe("when");
    expect(JSON.stringify(decision)).not.toContain("hidden-value");
  });
});

function facts() {
  const received = change({ kind: "event.received", summary: "Something came.", tone: "info" });
  return factsOf(
    { type: "order.paid", time: "2026-11-22T10:00:00Z", subject: "x", customer: null, payload: {} },
    { name: "polar", type: "polar", label: "Polar" },
    [received],
  );
}

async function revisionOf(text: string): Promise<string> {
  return (await loadConfig(write(text), ENV)).revision;
}

describe("the revision", () => {
  test("is twelve hexadecimal digits and stays while nothing changes", async () => {
    const [first, second] = [await revisionOf(MINIMAL), await revisionOf(MINIMAL)];

    expect(first).toMatch(/^[0-9a-f]{12}$/);
    expect(second).toBe(first);
  });

  test("changes with the config", async () => {
    const [first, second] = [await revisionOf(MINIMAL), await revisionOf(`${MINIMAL}# note\n`)];

    expect(second).not.toBe(first);
  });

  test("changes with a template", async () => {
    const first = await revisionOf(MINIMAL);
    write("{{customer.label}}", "templates/greeting.hbs");

    const second = await revisionOf(MINIMAL);

    expect(second).not.toBe(first);
  });
});

describe("hostile files", () => {
  test("aliases that stand for millions of values are refused at once", async () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? "a0: &a0 [x, x, x, x]"
        : `a${level}: &a${level} [${Array(9)
            .fill(`*a${level - 1}`)
            .join(", ")}]`,
    );

    const { text } = await checkConfig(write(levels.join("\n")), ENV);

    expect(text).toContain("The aliases in this file stand for more than 10000 values.");
  });

  test("a key named __proto__ is an unknown key and nothing more", async () => {
    const { problems } = await checkConfig(write(`${MINIMAL}__proto__: { x: 1 }\n`), ENV);

    expect(problems).toMatchObject([{ path: "__proto__" }]);
    expect(({} as Partial<Config> & { x?: number }).x).toBeUndefined();
  });

  test.each([
    ["a list", "- a\n- b\n"],
    ["a text", "hello\n"],
    ["a number", "5\n"],
    ["nothing", ""],
    ["bytes that are no text", "\u0000\u0001\u0002"],
    ["keys that are lists", "? [a, b]\n: c\n"],
    ["lists where mappings belong", "server: []\nsources: []\ndestinations: []\nroutes: {}\n"],
    [
      "mappings where values belong",
      "server: { port: {}, host: [] }\nstore: {}\nroutes: [5, null, { send: {}, match: 5, when: {}, name: [], stop: {} }]\n",
    ],
    [
      "null everywhere",
      "server:\nstore:\nsources:\ndestinations:\nroutes:\noperator:\ndelivery:\n",
    ],
  ])("%s for a config is told, not thrown", async (_, text) => {
    const { config, problems } = await checkConfig(write(text), ENV);

    expect(config).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
  });

  test.each([
    ["with a zero byte", "sqlite:./bell\u0000hop.db", ["There is a zero byte in this path"]],
    ["longer than any file's", `sqlite:./${"long".repeat(100)}.db`, []],
  ])("a store's path %s is told, not thrown", async (_, store, told) => {
    const { problems } = await checkConfig(
      write(`store: ${JSON.stringify(store)}\n${MINIMAL}`),
      ENV,
    );

    expect(problems.map(({ message }) => message)).toEqual(
      told.map((text) => expect.stringContaining(text)),
    );
  });

  test("an example damaged anywhere is told with places inside the file, never thrown", async () => {
    const example = readFileSync("config.example.yaml", "utf8");
    const damage = fc.record({
      at: fc.nat(example.length),
      cut: fc.nat(12),
      put: fc.constantFrom(
        "",
        " ",
        "\n",
        "\t",
        ":",
        "{",
        "]",
        '"',
        "*a",
        "&a ",
        "- ",
        "#",
        "${",
        "\u0000",
        "é",
      ),
    });

    await fc.assert(
      fc.asyncProperty(damage, async ({ at, cut, put }) => {
        const text = example.slice(0, at) + put + example.slice(at + cut);

        const { problems, config } = await checkConfig(write(text), ENV);

        const lines = text.split("\n");
        expect(problems.some(({ severity }) => severity === "error")).toBe(config === undefined);
        for (const { line, column } of problems) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column - 1).toBeLessThanOrEqual(lines[line - 1]?.length ?? 0);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("files beside the config", () => {
  test("templates that are a file are a problem at that file, and of no route", async () => {
    const file = write(`${MINIMAL}    template: my-own\n`);
    writeFileSync(join(folder, "templates"), "not a folder");

    const { problems } = await checkConfig(file, ENV);

    expect(problems).toMatchObject([
      {
        file: join(folder, "templates"),
        message: "Templates are read from a folder of this name, and this is a file.",
      },
    ]);
  });

  test("a .env file may begin with a byte order mark", async () => {
    const file = write(MINIMAL);
    write("\uFEFFPOLAR_WEBHOOK_SECRET=hidden\nSLACK_BOT_TOKEN=xoxb-hidden\n", ".env");

    const { text } = await checkConfig(file, {});

    expect(text).toBe("");
  });

  test.each([
    ["UTF-16", Buffer.from(`\uFEFF${MINIMAL}`, "utf16le")],
    ["UTF-16 without a mark", Buffer.from(MINIMAL, "utf16le")],
    ["Latin-1", Buffer.from(`# caf\u00e9\n${MINIMAL}`, "latin1")],
  ])("a config in %s is told to be saved as UTF-8", async (_, bytes) => {
    const file = join(folder, "config.yaml");
    writeFileSync(file, bytes);

    const { problems } = await checkConfig(file, ENV);

    expect(problems).toMatchObject([{ message: "This file is not UTF-8. Save it as UTF-8." }]);
  });
});

test("a value made of words is not mistaken for our own sentence", async () => {
  const file = write(MINIMAL.replace("- send: sales", "- send: ${WHERE}"));

  const { problems } = await checkConfig(file, { ...ENV, WHERE: "destination" });

  expect(problems[0]?.message).toBe(
    'There is no destination called "${WHERE}". There is only "sales".',
  );
});
