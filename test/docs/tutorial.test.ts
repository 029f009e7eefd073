import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Block, documentAt } from "./document.ts";
import { temporaryFolder } from "./folder.ts";

const { blocks } = documentAt("docs/tutorial.md");
const isStep = ({ language, info }: Block) =>
  language === "handlebars" || info === "tutorial" || info.startsWith("tutorial ");

/** Some processes start and reload while other tests take the machine. */
const SLOW_MS = 120_000;

test("the tutorial works as it is written", { timeout: SLOW_MS }, async () => {
  const walk = await startWalk();
  const steps = blocks.filter(isStep);
  expect(steps.map(({ language }) => language)).toEqual(
    expect.arrayContaining(["sh", "text", "handlebars"]),
  );

  for (const { language, info, text, place } of steps) {
    const terminal = info.replace(/^tutorial ?/, "");
    if (language === "handlebars") await walk.save(join("templates", info), text);
    else if (language === "sh" && terminal === "") await walk.run(text.trim().split("\n"));
    else if (language === "sh") walk.start(terminal, text.trim());
    else if (terminal === "") expect(steady(walk.output()), place).toBe(steady(text));
    else await expect.poll(() => steady(walk.outputOf(terminal)), WAIT).toContain(steady(text));
  }
});

const WAIT = { timeout: 30_000, interval: 50 };

/** Somebody who follows the tutorial, with one terminal to type in and others in which programs run. */
interface Walk {
  /** Runs lines one after the other, each of which must succeed. */
  run(lines: readonly string[]): Promise<void>;
  /** Starts a program in a terminal of its own. */
  start(terminal: string, line: string): void;
  /** Saves a file, in folders that are made when they are missing. */
  save(file: string, text: string): Promise<void>;
  /** What the lines run last have printed. */
  output(): string;
  outputOf(terminal: string): string;
}

async function startWalk(): Promise<Walk> {
  const home = await temporaryFolder();
  const env = {
    PATH: await pathWithBellhop(),
    HOME: home,
    NO_COLOR: "1",
    COLUMNS: "100",
    TZ: "UTC",
  };
  const ports = { bridge: await freePort(), sandbox: await freePort() };
  const terminals = new Map<string, () => string>();
  let folder = home;
  let output = "";
  /** The one that the last webhook became. */
  let event = "";
  const type = (line: string): ChildProcess =>
    spawn("sh", ["-ec", `exec ${line}`], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const runOne = async (line: string) => {
    const [program, target = ""] = line.split(" ");
    if (program === "cd") {
      folder = resolve(folder, target);
      return "";
    }
    const child = type(line.replace(/evt_\w+/, event));
    const heard = hear(child);
    await once(child, "close");
    expect(child.exitCode, `${line}\n${heard()}`).toBe(0);
    event = /accepted as (\S+)/.exec(heard())?.[1] ?? event;
    if (line.startsWith("bellhop init")) ownPorts(join(folder, "config.yaml"), ports);
    return heard();
  };
  return {
    run: async (lines) => {
      let printed = "";
      for (const line of lines) printed += await runOne(line);
      output = printed;
    },
    start: (terminal, line) => {
      const isSandbox = line === "bellhop sandbox";
      const child = type(isSandbox ? `${line} --port ${ports.sandbox}` : line);
      terminals.set(terminal, hear(child));
      onTestFinished(async () => {
        if (child.exitCode !== null) return;
        child.kill("SIGTERM");
        await once(child, "close");
      });
    },
    save: async (file, text) => {
      await mkdir(resolve(folder, file, ".."), { recursive: true });
      await writeFile(join(folder, file), text);
    },
    output: () => output,
    outputOf: (terminal) => terminals.get(terminal)?.() ?? "",
  };
}

/** The machine's programs, and one called `bellhop`. */
async function pathWithBellhop(): Promise<string> {
  const folder = await temporaryFolder();
  const command = join(folder, "bellhop");
  await writeFile(
    command,
    `#!/bin/sh\nexec "${process.execPath}" "${resolve("src/main.ts")}" "$@"\n`,
  );
  await chmod(command, 0o755);
  return `${folder}:${process.env["PATH"] ?? ""}`;
}

/** The usual ports may be taken on a machine that runs tests. */
function ownPorts(config: string, ports: { readonly bridge: number; readonly sandbox: number }) {
  const text = readFileSync(config, "utf8");
  expect(text).toContain(":8091/");
  const moved = text.replaceAll(":8091/", `:${ports.sandbox}/`);
  writeFileSync(config, `${moved}\nserver: { port: ${ports.bridge} }\n`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("There is no free port.");
  return address.port;
}

function hear(child: ChildProcess): () => string {
  let heard = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (heard += chunk.toString()));
  return () => heard;
}

/** A text without what is another one each time: ids, ports, revisions and the time of day. */
function steady(text: string): string {
  return text
    .replaceAll(/\b(evt|dlv)_[0-9A-Z]{26}\b/g, "$1_…")
    .replaceAll(/\b[0-9a-f]{12}\b/g, "<revision>")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, "<moment>")
    .replaceAll(/\b\d{10}\.\d{6}\b/g, "<ts>")
    .replaceAll(/APP {2}\d\d:\d\d/g, "APP  <time>")
    .trimEnd();
}
