import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { run } from "./process.ts";

const GROUP = resolve("samples/plain/group-added.json");
const PASSES = `  - { name: told to success, payload: ${GROUP}, expect: { sent: success } }\n`;
const FAILS = `  - { name: 'told to <sales> & "ops"', payload: ${GROUP}, expect: { sent: [sales, ops] } }\n`;
const BREAKS = `  - { name: breaks, payload: ${GROUP}, expect: { snet: sales } }\n`;

describe("bellhop test", () => {
  it("needs no secrets, no network and no tests of its own to pass with the example", async () => {
    const ran = await run(["test", "--config", resolve("config.example.yaml")], tmpdir(), {});

    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(/ ✓ .+\n\n\d+ passed\.\n$/);
  });

  it.each([
    ["Pacific/Kiritimati", "ar_EG.UTF-8"],
    ["Pacific/Pago_Pago", "de_DE.UTF-8"],
  ])("comes to the same in %s", async (TZ, LANG) => {
    const config = resolve("config.example.yaml");

    const ran = await run(["test", "--config", config], tmpdir(), { TZ, LANG, LC_ALL: LANG });

    expect(ran.code).toBe(0);
  });

  it("ends with 0 when all pass, with 1 when one fails, and tells both", async () => {
    const folder = await house({ "config.test.yaml": `tests:\n${PASSES}` });
    const passed = await run(["test"], folder, {});
    await writeFile(join(folder, "config.test.yaml"), `tests:\n${PASSES}${FAILS}`);

    const failed = await run(["test"], folder, {});

    expect(passed).toMatchObject({ code: 0, err: "" });
    expect(passed.out).toBe("config.test.yaml\n  ✓ told to success\n\n1 passed.\n");
    expect(failed).toMatchObject({ code: 1, err: "" });
    expect(failed.out).toContain("- [sales, ops]\n      + [success]\n");
    expect(failed.out).toMatch(/1 passed, 1 failed\.\n$/);
  });

  it("colors what differs where colors are wanted", async () => {
    const folder = await house({ "config.test.yaml": `tests:\n${FAILS}` });

    const ran = await run(["test"], folder, { NO_COLOR: "", FORCE_COLOR: "1" });

    expect(ran.out).toContain("\u001B[31m✗\u001B[39m");
    expect(ran.out).toContain("\u001B[31m- [\u001B[7m");
  });

  it("ends with 2 and tells the mistakes of all files, before any test is run", async () => {
    const folder = await house({
      "a.test.yaml": `tests:\n${PASSES}`,
      "b.test.yaml": `tests:\n${BREAKS}`,
      "c.test.yaml": "tests: none\n",
    });

    const ran = await run(["test"], folder, {});
    const json = await run(["test", "--json"], folder, {});

    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toMatch(/^b\.test\.yaml and c\.test\.yaml have 2 problems\.\n/);
    expect(ran.err).toContain('`expect` has no "snet". Did you mean "sent"?');
    expect(json).toMatchObject({ code: 2, err: "" });
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, problems: [{ line: 2 }, { line: 1 }] });
  });

  it("ends with 2 when the config has a mistake", async () => {
    const folder = await house({ "config.test.yaml": `tests:\n${PASSES}` });
    await writeFile(join(folder, "config.yaml"), "routes: none\n");

    const ran = await run(["test"], folder, {});

    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toMatch(/^config\.yaml has \d+ problems\./);
  });

  it("says how to begin where there are no tests, and what it says works", async () => {
    const folder = await house({});
    const none = await run(["test"], folder, {});
    const [, told = ""] = /\n\n(tests:[^]+)$/.exec(none.err) ?? [];
    await writeFile(join(folder, "config.test.yaml"), told);
    await copyFile(GROUP, join(folder, "payload.json"));

    const ran = await run(["test", "--update"], folder, {});

    expect(none).toMatchObject({ code: 2, out: "" });
    expect(none.err).toContain("There are no tests beside config.yaml.");
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(/\(written\)\n\n1 written\.\n$/);
  });

  it("runs the files that are named, whatever they are called", async () => {
    const folder = await house({
      "a.test.yaml": `tests:\n${FAILS}`,
      "b.yaml": `tests:\n${PASSES}`,
    });

    const ran = await run(["test", "b.yaml"], folder, {});

    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/^b\.yaml\n/) });
  });

  it("runs only tests whose names hold a text, in any case", async () => {
    const folder = await house({ "config.test.yaml": `tests:\n${PASSES}${FAILS}` });

    const one = await run(["test", "--filter", "SUCCESS"], folder, {});
    const none = await run(["test", "--filter", "nobody"], folder, {});

    expect(one).toMatchObject({ code: 0, out: expect.stringMatching(/\n1 passed\.\n$/) });
    expect(none).toMatchObject({ code: 2, err: 'No test has "nobody" in its name.\n' });
  });

  it("prints the results as JSON", async () => {
    const folder = await house({ "config.test.yaml": `tests:\n${PASSES}${FAILS}` });

    const ran = await run(["test", "--json"], folder, {});

    expect(ran).toMatchObject({ code: 1, err: "" });
    expect(JSON.parse(ran.out)).toEqual({
      ok: false,
      passed: 1,
      updated: 0,
      failed: 1,
      tests: [
        {
          file: "config.test.yaml",
          line: 2,
          name: "told to success",
          status: "passed",
          failures: [],
          remarks: [],
        },
        {
          file: "config.test.yaml",
          line: 3,
          name: 'told to <sales> & "ops"',
          status: "failed",
          failures: [
            {
              line: 3,
              column: expect.any(Number),
              path: "expect.sent",
              expected: ["sales", "ops"],
              actual: ["success"],
            },
          ],
          remarks: [],
        },
      ],
    });
  });

  it("writes a JUnit report, its folder too", async () => {
    const folder = await house({ "config.test.yaml": `tests:\n${PASSES}${FAILS}` });

    const ran = await run(["test", "--junit", "reports/tests.xml"], folder, {});

    const report = await readFile(join(folder, "reports/tests.xml"), "utf8");
    expect(ran.code).toBe(1);
    expect(report).toContain('<testsuite name="config.test.yaml"');
    expect(report).toMatch(/tests="2" failures="1"/);
    expect(report).toContain(' file="config.test.yaml"');
    expect(report).toContain('name="told to &lt;sales> &amp; &quot;ops&quot;"');
    expect(report).toContain("- [sales, ops]\n  + [success]");
  });

  it("writes what comes into the files, and leaves the rest of them as it is", async () => {
    const text = `# mine\ntests:\n${PASSES}${FAILS}  - name: new # and good\n    payload: ${GROUP}\n    expect:\n`;
    const folder = await house({ "config.test.yaml": text });

    const ran = await run(["test", "--update"], folder, {});

    const after = await readFile(join(folder, "config.test.yaml"), "utf8");
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(/1 passed, 2 written\.\n$/);
    expect(after).toContain(text.replace("[sales, ops]", "[success]"));
    expect(parse(after)).toMatchObject({ tests: [{}, {}, { expect: { sent: ["success"] } }] });
  });
});

let example: string;
beforeAll(async () => {
  example = await readFile("config.example.yaml", "utf8");
});

/** A folder with the example as its config, and files beside it. */
async function house(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-test-command-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "config.yaml"), example);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}
