import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, runUntil } from "./process.ts";

async function post(url: string, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    const answer = await fetch(`${url}/slack/api/chat.postMessage`, {
      method: "POST",
      headers: { authorization: "Bearer xoxb-sandbox", "content-type": "application/json" },
      body: JSON.stringify({
        channel: "C024BE91L",
        text: number === count ? "the last one" : `message ${number}`,
      }),
    });
    await answer.text();
  }
}

describe("bellhop sandbox", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-sandbox-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** Runs the sandbox, posts so many messages to Slack, and ends it when it has printed the text. */
  async function rehearse(args: readonly string[], count: number, text: string): Promise<string> {
    let isPosting = false;
    const hear = (out: string) => {
      const [, url] = /at (http:\S+)\.\n[\s\S]*Ctrl-C/.exec(out) ?? [];
      if (url === undefined || isPosting) return;
      isPosting = true;
      void post(url, count);
    };
    return runUntil(["sandbox", "--port", "0", ...args], folder, {}, text, hear);
  }

  it("tells each fault as it happens, folds those that come again, and counts at the end", async () => {
    await writeFile(
      join(folder, "faults.yaml"),
      `rules:
  - { platform: slack, fault: status, status: 503, count: 3 }
  - { platform: slack, fault: error, code: fatal_error, taken: true }
`,
    );

    const args = ["--faults", "faults.yaml", "--rate-limits", "off"];
    const out = await rehearse(args, 6, "the last one");

    const line = "⚡ Slack, chat.postMessage to C024BE91L: ";
    const told = out.split("\n").filter((one) => one.startsWith("⚡"));
    expect(told).toEqual([
      `${line}503 Service Unavailable`,
      `${line}error fatal_error, but the message was taken`,
      `${line}503 Service Unavailable (2 more)`,
    ]);
    expect(out.slice(out.lastIndexOf("requests"))).toBe(
      [
        "requests             6",
        "messages             3",
        "refused              0",
        "too early            0",
        "faults               4",
        "  status 503         3",
        "  error fatal_error  1",
        "",
      ].join("\n"),
    );
  });

  it("shows who is too fast, where it is told to be strict", async () => {
    const out = await rehearse(["--rate-limits", "strict"], 2, "refused chat.postMessage");

    expect(out).toContain("✗ Slack refused chat.postMessage to C024BE91L: ratelimited\n");
    expect(out).toMatch(/^refused +1$/m);
  });

  it("closes the port and opens it again", async () => {
    await writeFile(join(folder, "faults.yaml"), "rules: [{ fault: down, after: 1ms, for: 50ms }]");
    const command = ["sandbox", "--port", "0", "--faults", "faults.yaml"];

    const out = await runUntil(command, folder, {}, "open again");

    expect(out.split("\n").filter((line) => line.startsWith("⚡"))).toEqual([
      "⚡ The port is closed.",
      "⚡ The port is open again.",
    ]);
  });

  it("does not start with a file that has mistakes", async () => {
    await writeFile(join(folder, "faults.yaml"), "rules: [{ platform: slack, fault: relset }]");

    const ran = await run(["sandbox", "--port", "0", "--faults", "faults.yaml"], folder, {});

    expect(ran).toEqual({
      code: 2,
      out: "",
      err: `faults.yaml has 1 problem.

faults.yaml:1:35  rules[0].fault
    1 │ rules: [{ platform: slack, fault: relset }]
      │                                   ^^^^^^
  There is no fault called "relset". Did you mean "reset"?
`,
    });
  });

  it("is as strict as it is told", async () => {
    const wrong = await run(["sandbox", "--rate-limits", "lax"], folder, {});

    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/Allowed choices are strict, on, off/);
  });
});
