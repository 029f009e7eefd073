import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readFaults } from "../../src/commands/faults-file.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellhop-faults-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function read(text: string, env: NodeJS.ProcessEnv = {}) {
  const file = join(folder, "faults.yaml");
  await writeFile(file, text);
  return readFaults(file, env);
}

/** What is told of a file: each problem's line, column, path and message. */
async function told(text: string): Promise<string[]> {
  const error = await read(text).then(
    () => null,
    (reason: Error) => reason,
  );
  return (error?.message ?? "")
    .replaceAll(join(folder, "faults.yaml"), "")
    .split("\n")
    .slice(2)
    .filter((line) => line !== "" && !/^ *\d* │/.test(line));
}

test("a rule comes to a fault, the requests that it is for, and its times", async () => {
  const { rules } = await read(`
rules:
  - platform: slack
    fault: rate_limit
    retry_after: 1m
    call: chat.postMessage
    channel: C024BE91L
    count: 3
    share: 2.5%
    after: 30s
    for: 2m
    every: 1h
`);

  expect(rules).toEqual([
    {
      platform: "slack",
      match: { call: "chat.postMessage", channel: "C024BE91L" },
      fault: { kind: "rate_limit", retryAfterMs: 60_000 },
      count: 3,
      share: 0.025,
      schedule: { afterMs: 30_000, forMs: 120_000, everyMs: 3_600_000 },
    },
  ]);
});

test.each([
  ["rate_limit, retry_after: none", { kind: "rate_limit", retryAfterMs: null }],
  [
    "rate_limit, retry_after: 1500ms, scope: shared",
    { kind: "rate_limit", retryAfterMs: 1_500, scope: "shared" },
  ],
  ["status, status: 503", { kind: "status", status: 503, taken: false }],
  [
    "status, status: 200, body: hello, taken: true",
    { kind: "status", status: 200, body: "hello", taken: true },
  ],
  ["error, code: 50013", { kind: "error", code: 50_013, taken: false }],
  ["hang, taken: true", { kind: "hang", taken: true }],
  ["reset", { kind: "reset", taken: false }],
  ["cut", { kind: "cut" }],
  ["html", { kind: "html", taken: false }],
  ["slow, takes: 20s", { kind: "slow", ms: 20_000 }],
  ["drip, takes: 20s", { kind: "drip", ms: 20_000 }],
  ["unsaved", { kind: "unsaved" }],
])("reads the fault %s", async (written, fault) => {
  const { rules } = await read(`rules: [{ platform: discord, fault: ${written} }]`);

  expect(rules).toEqual([{ platform: "discord", match: {}, fault, schedule: {} }]);
});

test("a port that is down is an outage, and no rule for requests", async () => {
  const rehearsal = await read("rules: [{ fault: down, after: 1m, for: 20s, every: 5m }]");

  expect(rehearsal).toEqual({
    rules: [],
    outages: [{ afterMs: 60_000, forMs: 20_000, everyMs: 300_000 }],
  });
});

test("the number of a Discord channel keeps its digits without quotes", async () => {
  const { rules } = await read(
    "rules: [{ platform: discord, fault: reset, channel: 1099414111111111111 }]",
  );

  expect(rules).toMatchObject([{ match: { channel: "1099414111111111111" } }]);
});

test("a value may come from the environment", async () => {
  const text = 'rules: [{ platform: slack, fault: slow, takes: "${WAIT}" }]';

  const { rules } = await read(text, { WAIT: "7s" });

  expect(rules).toMatchObject([{ fault: { ms: 7_000 } }]);
});

test.each([
  [
    "{ platform: slack, fault: relset }",
    'There is no fault called "relset". Did you mean "reset"?',
  ],
  ["{ platform: slak, fault: reset }", '`platform` must be "slack" or "discord".'],
  ["{ fault: reset }", "A rule needs `platform`: whose requests it is for."],
  ["{ platform: slack, fault: status }", "A rule needs `status`: the HTTP status, such as `503`."],
  ["{ platform: slack, fault: reset, shar: 10% }", 'A rule has no "shar". Did you mean "share"?'],
  [
    "{ platform: slack, fault: reset, share: 0.1 }",
    "`share` must be a percentage above 0% and up to 100%, such as `10%`.",
  ],
  [
    "{ platform: slack, fault: reset, share: 101% }",
    "`share` must be a percentage above 0% and up to 100%, such as `10%`.",
  ],
  [
    "{ platform: slack, fault: reset, after: 30 }",
    "`after` must be a duration such as `500ms`, `30s` or `5m`: a whole number and `ms`, `s`, `m`, `h` or `d`.",
  ],
  [
    "{ platform: slack, fault: rate_limit, retry_after: soon }",
    "`retry_after` must be a duration such as `30s`, or `none` for an answer that does not tell.",
  ],
  [
    "{ platform: slack, fault: reset, for: 2m, every: 1m }",
    "`every` must be longer than `for`: it is the time from one start to the next.",
  ],
  [
    "{ fault: down, every: 1m }",
    "`every` needs `for` beside it: how long the port is closed each time.",
  ],
  [
    "{ platform: slack, fault: down }",
    "`platform` does not go with `down`, which closes the port for both. For one alone, use `reset` or `status`.",
  ],
  [
    "{ platform: slack, fault: reset, call: chat.postMesage }",
    'Slack has no call "chat.postMesage" here. Did you mean "chat.postMessage"?',
  ],
  [
    "{ platform: slack, fault: rate_limit, retry_after: 1s, scope: global }",
    "Slack's limits are for a method: leave `scope` away.",
  ],
  [
    "{ platform: discord, fault: error, code: is_archived }",
    "Discord's errors are numbers, such as `50013`.",
  ],
  [
    "{ platform: slack, fault: error, code: 50013 }",
    "Slack's errors are words, such as `channel_not_found`.",
  ],
])("of %s it tells what is wrong", async (rule, message) => {
  const lines = await told(`rules:\n  - ${rule}\n`);

  expect(lines.slice(1)).toEqual([`  ${message}`]);
});

test("every mistake is told at once, in order, with its place and its line", async () => {
  const text = `rules:
  - { platform: slack, fault: relset, share: 0.1 }
  - { platform: discord, fault: rate_limit, retry_after: 1s, scope: method }
rule: 3
`;

  const reading = read(text).catch((error: Error) => {
    throw new Error(error.message.replaceAll(join(folder, "faults.yaml"), "faults.yaml"));
  });

  await expect(reading).rejects.toThrow(
    new Error(`faults.yaml has 4 problems.

faults.yaml:2:31  rules[0].fault
    2 │   - { platform: slack, fault: relset, share: 0.1 }
      │                               ^^^^^^
  There is no fault called "relset". Did you mean "reset"?

faults.yaml:2:46  rules[0].share
    2 │   - { platform: slack, fault: relset, share: 0.1 }
      │                                              ^^^
  \`share\` must be a percentage above 0% and up to 100%, such as \`10%\`.

faults.yaml:3:69  rules[1].scope
    3 │   - { platform: discord, fault: rate_limit, retry_after: 1s, scope: method }
      │                                                                     ^^^^^^
  \`method\` is for Slack. Discord has "bucket", "shared", "global" and "network".

faults.yaml:4:1  rule
    4 │ rule: 3
      │ ^^^^
  This file has no "rule".`),
  );
});

test.each([
  ["", "  This file begins with `rules:`, and a list below it."],
  ["- { fault: down }", "  This file begins with `rules:`, and a list below it."],
  ["rules: []", "  `rules` must be a list with at least one entry."],
  ["faults: []", '  This file has no "faults".'],
  ["rules: [", "  The closing `]` is missing."],
])("a file with '%s' is told", async (text, message) => {
  expect(await told(text)).toContain(message);
});

test("a file that is not there is told", async () => {
  await expect(readFaults(join(folder, "nowhere.yaml"), {})).rejects.toThrow(
    /nowhere\.yaml:1:1\n {2}There is no such file\.$/,
  );
});
