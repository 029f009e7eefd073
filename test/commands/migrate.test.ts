import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startBridge } from "../../src/bridge.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { openStore } from "../../src/store/open.ts";
import type { StoreSettings } from "../../src/store/settings.ts";
import {
  environment,
  EVERYWHERE,
  exchanged,
  PARTIES,
  post,
  sourceOf,
  textOf,
  writeHouse,
} from "../end-to-end/house.ts";
import { type Ran, run, serve } from "../end-to-end/process.ts";
import { freshDatabase } from "../postgres/database.ts";
import { settingsFor } from "../postgres/tables.ts";
import { NOBODY } from "../store/empty-store.ts";
import { dump, fill, released } from "../store/move/filled.ts";
import { arrived } from "../store/rows.ts";

describe("bellhop migrate", () => {
  let folder: string;
  let file: StoreSettings;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-migrate-"));
    file = { kind: "sqlite", path: join(folder, "data", "bellhop.db") };
    await fill(file, { events: 30 });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const bellhop = (...args: string[]): Promise<Ran> => run(["migrate", ...args], folder, {});
  const FROM = ["--from", "sqlite:./data/bellhop.db"];

  it("moves a store, verifies it, and says what it did", async () => {
    const url = await database();

    const { code, out, err } = await bellhop(...FROM, "--to", url);

    expect(code).toBe(0);
    expect(err).toMatch(/^Moving: 0 of \d+ rows\.\nVerifying: 0 of \d+ rows\.\n$/);
    expect(out).toContain("/data/bellhop.db\n");
    expect(out).toMatch(/^TABLE +ROWS +CHECKSUM$/m);
    expect(out).toMatch(/^events +29 +[0-9a-f]{16}$/m);
    expect(out).toMatch(/^Moved \d+ rows in [\d.]+ s, [\d,]+ a second\.$/m);
    expect(out).toMatch(/^Verified: each table has as many rows in both databases/m);
    expect(await dump(settingsFor(url))).toEqual(released(await dump(file)));
  });

  it("prints one object with --json, and nothing of a password anywhere", async () => {
    const url = await database();

    const moved = await bellhop(...FROM, "--to", url, "--json");
    const again = await bellhop(...FROM, "--to", url);

    expect(JSON.parse(moved.out)).toMatchObject({
      isVerified: true,
      isRepeated: false,
      tables: expect.arrayContaining([
        { name: "events", rows: 29, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ]),
    });
    expect(again.code).toBe(0);
    expect(again.out).toContain("This store was moved there and verified before");
    const { password } = new URL(url);
    expect(password).not.toBe("");
    expect(moved.out + moved.err + again.out + again.err).not.toContain(password);
  });

  it("only tells what it would move with --dry-run", async () => {
    const url = await database();

    const { code, out } = await bellhop(...FROM, "--to", url, "--dry-run");
    const asJson = await bellhop(...FROM, "--to", url, "--dry-run", "--json");

    expect(code).toBe(0);
    expect(out).toMatch(/^events +29$/m);
    expect(out).toMatch(/^\d+ rows would be moved\.\nNothing was changed\.$/m);
    expect(JSON.parse(asJson.out)).toMatchObject({ isDryRun: true, before: 0 });
    await expect(dump(settingsFor(url))).rejects.toThrow("does not exist");
  });

  it("takes stores from config files too, which keep their passwords", async () => {
    const url = new URL(await database());
    const password = url.password;
    url.password = "SECRET";
    const store = `store: "${url.href.replace("SECRET", "${DB_PASSWORD}")}"`;
    await writeFile(
      join(folder, "new.yaml"),
      PARTIES.replace(/^store: .*$/m, () => store) + EVERYWHERE,
    );
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const env = { ...environment(sandbox), DB_PASSWORD: password };

    const { code, err } = await run(
      ["migrate", ...FROM, "--to", "new.yaml", "--json"],
      folder,
      env,
    );

    expect(err).toContain("Verifying: ");
    expect(code).toBe(0);
  });

  it.each([
    ["no store", ["--from", "sqlite:./nothing.db"], 1, "sqlite:./x.db", "cannot be read"],
    ["the same store", FROM, 2, "sqlite:data/bellhop.db", "Both are the same store."],
    ["a URL of nothing", FROM, 2, "mysql://root:hunter2@db/x", "neither a store nor a config file"],
    ["a database that is not named", FROM, 2, "postgres://bellhop:hunter2@db", "names no database"],
    ["a password that is not encoded", FROM, 2, "postgres://b:hunt@er2@db/x", "percent-encoded"],
    ["a config that is not there", FROM, 2, "there-is-none.yaml", "there-is-none.yaml"],
  ])("refuses %s in a sentence", async (_, from, expected, to, message) => {
    const { code, out, err } = await bellhop(...from, "--to", to);

    expect(err).toContain(message);
    expect(err).not.toMatch(/hunt|er2/);
    expect(out).toBe("");
    expect(code).toBe(expected);
  });

  it("warns of a way that is not encrypted", async () => {
    const { err } = await bellhop(...FROM, "--to", "postgres://bellhop@db.invalid/bellhop");

    expect(err).toContain("nothing says that the way there is encrypted");
    expect(err).toContain("The database bellhop at db.invalid cannot be used");
  });

  it("refuses to move a store while its bridge runs, and then tells a running one nothing", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const home = await mkdtemp(join(tmpdir(), "bellhop-migrate-"));
    onTestFinished(() => rm(home, { recursive: true }));
    await writeHouse(home, sandbox, {});
    const served = await serve(home, environment(sandbox));

    const refused = await run(
      ["migrate", "--from", "sqlite:bellhop.db", "--to", await database()],
      home,
      {},
    );

    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^The store \S+bellhop\.db is in use\.\nStop the bridge/),
    });
    expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
    expect(await served.stop()).toBe(0);
  });

  it(
    "goes on where it was after kill -9, at any statement, and ends as if nothing had been",
    { timeout: 300_000 },
    async () => {
      const expected = released(await dump(file));
      let kills = 0;
      const url = await database();

      for (let statements = 1; !(await killAfter(statements, url)); statements += 4) kills += 1;

      expect(kills).toBeGreaterThan(6);
      expect(await dump(settingsFor(url))).toEqual(expected);
    },
  );

  /** Runs a move until PostgreSQL has answered so many statements; `true` when it came to its end before. */
  async function killAfter(statements: number, url: string): Promise<boolean> {
    const preload = new URL("../store/kill-after-query.ts", import.meta.url).pathname;
    const main = new URL("../../src/main.ts", import.meta.url).pathname;
    const child = spawn(
      process.execPath,
      ["--import", preload, main, "migrate", ...FROM, "--to", url],
      {
        cwd: folder,
        env: {
          KILL_AFTER_STATEMENTS: String(statements),
          NODE_COMPILE_CACHE: join(folder, "cache"),
        },
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    await once(child, "exit");
    if (child.exitCode === null) expect(child.signalCode).toBe("SIGKILL");
    else expect(child.exitCode).toBe(0);
    return child.exitCode === 0;
  }
});

describe("a bridge that is started on the database that a store was moved to", () => {
  it("delivers what waited, in order, and knows the webhooks that it had", async () => {
    const sandbox = await startSandbox({ rateLimits: false });
    onTestFinished(() => sandbox.close());
    const folder = await mkdtemp(join(tmpdir(), "bellhop-migrate-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const before = await writeHouse(folder, sandbox, {});
    const first = await startBridge(before, { log: SILENT });
    const webhook = await stateOf(0);
    const sending = { id: "first", at: new Date(), headers: {} };
    await post(first.url, sourceOf(before, "polar"), webhook, sending);
    await first.idle();
    await first.stop();
    const store = await openStore(before.store, NOBODY);
    for (const number of [1, 2, 3, 4, 5])
      await store.enqueue([
        arrived(`waiting ${number}`, {
          subject: idOf(number),
          receivedAt: Date.now(),
          body: await stateOf(number),
        }),
      ]);
    await store.close();
    const url = await database();

    const { code } = await run(["migrate", "--from", "sqlite:bellhop.db", "--to", url], folder, {});
    const after = await writeHouse(folder, sandbox, {
      env: { STORE: url },
    });
    const second = await startBridge(after, { log: SILENT });
    onTestFinished(() => second.stop());
    let again = await post(second.url, sourceOf(after, "polar"), webhook, sending);
    // As Polar does it: a machine that has much to do may answer so.
    while (again.status === 503)
      again = await post(second.url, sourceOf(after, "polar"), webhook, sending);
    await second.idle();

    expect(code).toBe(0);
    expect(again).toMatchObject({ status: 202, body: { status: "duplicate" } });
    const told = sandbox.messages
      .filter(({ platform, kind }) => platform === "slack" && kind === "bot")
      .map((message) => /Customer \d/.exec(textOf(message, "text"))?.[0]);
    expect(told).toEqual([0, 1, 2, 3, 4, 5].map((number) => `Customer ${number}`));
  });
});

const SILENT = { info() {}, warn() {}, error() {} };

/** A webhook of Polar that tells of a customer who is new. */
function stateOf(number: number): Promise<Buffer> {
  return exchanged("polar/subscribed", {
    "992fae2a-2a17-4b7a-8d9e-e287cf90131b": idOf(number),
    "Ada Lindqvist": `Customer ${number}`,
  });
}

function idOf(number: number): string {
  return `992fae2a-2a17-4b7a-8d9e-e287cf90131${number}`;
}

async function database(): Promise<string> {
  const { url, drop } = await freshDatabase();
  onTestFinished(drop);
  return url;
}
