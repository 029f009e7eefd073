import { execFile, type ExecFileException } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlite } from "../src/store/sqlite/open.ts";
import { freshDatabase } from "./postgres/database.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Packing and installing write some thousand files. */
const SLOW_MS = 300_000;

let folder = "";
let tarball: Tarball;
let home = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellhop-package-"));
  tarball = await pack(join(folder, "packed"));
  home = await install(tarball, join(folder, "installed"));
}, SLOW_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the packed tarball", () => {
  it("holds what the program needs at run time, and nothing else", () => {
    const needed = [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "package.json",
      "config.example.yaml",
      "config.example.test.yaml",
      "config.schema.json",
      "test.schema.json",
      "dist/main.js",
      "samples/demo.yaml",
      "samples/polar/subscribed.json",
      "samples/plain/group-added.json",
      "templates/customer-state.hbs",
      "templates/default.hbs",
      "templates/group-membership.hbs",
    ];
    const published =
      /^(dist\/.+\.js|samples\/.+|templates\/.+\.hbs|[^/]+\.(json|md|yaml)|LICENSE)$/;

    expect(tarball.files).toEqual(expect.arrayContaining(needed));
    expect(tarball.files.filter((file) => !published.test(file))).toEqual([]);
  });

  it("is sound as a package", async () => {
    const { messages } = await publint({ pack: { tarball: await bytesOf(tarball) }, strict: true });

    expect(messages).toEqual([]);
  });
});

describe("the installed package", () => {
  it("says its version", async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Manifest;

    expect(await bellhop("--version")).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("finds the example config fine, with the templates that ship with it", async () => {
    const example = join(home, "node_modules", "bellhop", "config.example.yaml");
    await copyFile(example, join(home, "config.yaml"));

    const checked = await bellhop("check", "--strict");

    expect(checked).toMatchObject({ exitCode: 0, stderr: "" });
    expect(checked.stdout).toMatch(/^config\.yaml is fine: \d+ sources, \d+ destinations, /);
  });

  it("runs the tests of the example config, which pass", async () => {
    const example = join("node_modules", "bellhop", "config.example.yaml");

    const tested = await bellhop("test", "--config", example);

    expect(tested).toMatchObject({ exitCode: 0, stderr: "" });
    expect(tested.stdout).toMatch(/^\d+ passed\.$/m);
  });

  it("writes a new configuration with the schema and samples that ship with it, and finds it fine", async () => {
    const place = join(home, "new");

    const written = await bellhop(
      "init",
      "new",
      "--source",
      "polar",
      "--destination",
      "slack",
      "--sandbox",
    );

    const checked = await bellhop("check", "--strict", "--config", join(place, "config.yaml"));
    const tried = await bellhop("test", "--config", join(place, "config.yaml"));
    expect(written).toMatchObject({ exitCode: 0, stderr: "" });
    expect(checked).toMatchObject({ exitCode: 0, stderr: "" });
    expect(tried).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("lists with examples what routes and templates can use, from the samples that ship with it", async () => {
    const listed = await bellhop("shapes", "polar");

    expect(listed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(listed.stdout).toMatch(/^ {2}subscription\.amount +number +4900$/m);
  });

  it("moves a store to PostgreSQL", async () => {
    const database = await freshDatabase();
    try {
      await (await openSqlite(join(home, "bellhop.db"))).close();

      const moved = await bellhop("migrate", "--from", "sqlite:bellhop.db", "--to", database.url);

      expect(moved).toMatchObject({ exitCode: 0 });
      expect(moved.stdout).toMatch(/^Verified: /m);
    } finally {
      await database.drop();
    }
  });

  it("shows the whole way in the demo, with the samples that ship with it", async () => {
    const shown = await bellhop("demo");

    expect(shown).toMatchObject({ exitCode: 0, stderr: "" });
    expect(shown.stdout).toMatch(
      /^Posted \d+ messages \(\d+ to Slack, \d+ to Discord\)\. Dropped /m,
    );
  });
});

interface Manifest {
  readonly version: string;
}

interface Tarball {
  readonly path: string;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

/** Packs a copy of the checkout, so that the checkout's own `dist` stays as it is. */
async function pack(copy: string): Promise<Tarball> {
  const left = new Set([".git", "node_modules", "dist", "data", "coverage"]);
  await cp(ROOT, copy, { recursive: true, filter: (path) => !left.has(relative(ROOT, path)) });
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"), "junction");
  const [packed] = JSON.parse(await npm(copy, "pack", "--json")) as [PackReport];
  return {
    path: join(copy, packed.filename),
    files: packed.files.map(({ path }) => path),
  };
}

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/**
 * Installs a tarball with its dependencies into an empty folder, and gives back that folder.
 * They are those that package-lock.json names: `npm ci` has them in its cache, so this needs no network.
 */
async function install({ path }: Tarball, into: string): Promise<string> {
  await mkdir(into);
  const lock = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8")) as Lock;
  const { "": checkout, ...all } = lock.packages;
  const { devDependencies: _development, ...published } = checkout ?? {};
  const dependencies = { bellhop: `file:${relative(into, path).replaceAll("\\", "/")}` };
  const needed = Object.entries(all).filter(([, one]) => one["dev"] !== true);
  const packages = {
    "": { dependencies },
    "node_modules/bellhop": { ...published, resolved: dependencies.bellhop },
    ...Object.fromEntries(needed),
  };
  await writeFile(join(into, "package.json"), JSON.stringify({ private: true, dependencies }));
  await writeFile(join(into, "package-lock.json"), JSON.stringify({ ...lock, packages }));
  await npm(into, "ci", "--prefer-offline", "--no-audit", "--no-fund");
  return into;
}

interface Lock {
  readonly packages: { readonly [place: string]: { readonly [key: string]: unknown } };
}

async function npm(cwd: string, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run("npm", args, cwd, {});
  if (exitCode !== 0) throw new Error(`npm ${args.join(" ")} failed.\n${stdout}${stderr}`);
  return stdout;
}

function bellhop(...args: string[]): Promise<Finished> {
  return run(join(home, "node_modules", ".bin", "bellhop"), args, home, {
    POLAR_WEBHOOK_SECRET: "polar_whs_example",
    PLAIN_SIGNING_SECRET: "example",
    SLACK_BOT_TOKEN: "xoxb-example",
    DISCORD_BOT_TOKEN: "example",
    OPS_SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T00000000/B00000000/example",
  });
}

interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program under the Node that runs the tests. */
function run(
  program: string,
  args: readonly string[],
  cwd: string,
  variables: NodeJS.ProcessEnv,
): Promise<Finished> {
  const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH, FORCE_COLOR: "0", ...variables };
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env }, (error: ExecFileException | null, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === "number") resolve({ exitCode, stdout, stderr });
      else reject(error);
    });
  });
}

async function bytesOf({ path }: Tarball): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(path)).buffer;
}
