import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDuration } from "../../src/core/duration.ts";
import { callsIn, readHelp } from "../docs/command-line.ts";
import { documentAt } from "../docs/document.ts";
import { defaultOf } from "./config-defaults.ts";
import { directivesOf, valueOf } from "./unit-file.ts";
import { JUDGES, MOST_EXPOSED, SYSTEMD } from "./unit-judges.ts";

const UNIT = readFileSync("deploy/bellhop.service", "utf8");
const PACKAGE = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly bin: { readonly bellhop: string };
};
const DROP_INS = documentAt("docs/deploy.md").blocks.filter(({ language }) => language === "ini");

/** What a unit with one fault looks like. */
const FAULTY: readonly (readonly [string, string, string])[] = [
  ["a misspelled directive", "Restart=always", "Restrat=always"],
  ["a directive in the wrong section", "[Service]", "StateDirectory=bellhop\n\n[Service]"],
  ["a word that means nothing", "ProtectSystem=strict", "ProtectSystem=stric"],
  ["a time that is none", "TimeoutStopSec=30", "TimeoutStopSec=soon"],
  ["a section that is none", "[Install]", "[Instal]"],
  ["the rights of a superuser", "CapabilityBoundingSet=\n", ""],
];

describe.each(JUDGES)("the unit, as $name judges it", (judge) => {
  test("has no fault", async () => {
    const faults = await judge.faultsOf(UNIT);

    expect(faults).toEqual([]);
  });

  test.each(FAULTY)("would be refused with %s", async (_, right, wrong) => {
    expect(UNIT).toContain(right);

    const faults = await judge.faultsOf(UNIT.replace(right, wrong));

    expect(faults).toHaveLength(1);
  });

  test.each(DROP_INS)("has no fault with what $place adds", async ({ text }) => {
    const faults = await judge.faultsOf(`${UNIT}\n${text}`);

    expect(faults).toEqual([]);
  });
});

describe("the unit", () => {
  test("is judged by systemd itself wherever systemd is", () => {
    const names = JUDGES.map(({ name }) => name);

    expect(names).toEqual([
      "the table of directives",
      ...(SYSTEMD === undefined ? [] : ["systemd"]),
    ]);
    expect(DROP_INS.length).toBeGreaterThan(2);
  });

  test("is told in docs/deploy.md to be no more exposed than it may be", () => {
    const told = /comes to ([\d.]+) of 10/.exec(readFileSync("docs/deploy.md", "utf8"))?.[1];

    expect(Number(told)).toBeLessThanOrEqual(MOST_EXPOSED);
  });

  test("sets nothing twice but lists", () => {
    const names = directivesOf(UNIT).map(({ name }) => name);

    const twice = names.filter((name, at) => names.indexOf(name) !== at);

    expect(twice).toEqual(["SystemCallFilter"]);
  });

  test("starts a command that there is, from a file that there is", async () => {
    const [[command = "", ...words] = []] = callsIn(UNIT);

    const options = (await readHelp()).get(command);

    expect(valueOf(UNIT, "ExecStart")).toContain(` /opt/bellhop/${PACKAGE.bin.bellhop} serve `);
    expect([...(options ?? [])]).toEqual(
      expect.arrayContaining(words.filter((word) => word.startsWith("--"))),
    );
  });

  test("lets the bridge write nowhere but in its own folder", () => {
    const writable = directivesOf(UNIT).filter(({ name }) =>
      /^(?:ReadWritePaths|StateDirectory|CacheDirectory|LogsDirectory|BindPaths)$/.test(name),
    );

    expect(valueOf(UNIT, "ProtectSystem")).toBe("strict");
    expect(writable.map(({ value }) => value)).toEqual(["bellhop"]);
  });

  test("gives the bridge longer to stop than it takes", () => {
    const stopMs = Number(valueOf(UNIT, "TimeoutStopSec")) * 1000;

    const graceMs = parseDuration(defaultOf("server.shutdown_grace")) ?? Infinity;

    expect(stopMs).toBeGreaterThanOrEqual(graceMs + 5_000);
  });

  test("comes back always, but for a mistake in the configuration", () => {
    expect(valueOf(UNIT, "Restart")).toBe("always");
    expect(valueOf(UNIT, "RestartPreventExitStatus")).toBe("2");
    expect(valueOf(UNIT, "StartLimitIntervalSec")).toBe("0");
  });

  test("lets Node make machine code, without which it does not start", () => {
    expect(valueOf(UNIT, "MemoryDenyWriteExecute")).toBe("no");
  });
});
