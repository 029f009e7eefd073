import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readServer } from "../../src/config/read-server.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bellhop-server-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string, env: NodeJS.ProcessEnv = {}) {
  const file = join(folder, "config.yaml");
  writeFileSync(file, text);
  return readServer(file, env);
}

test("how the bridge listens is read past mistakes elsewhere", async () => {
  const server = await read(
    "server:\n  port: ${PORT}\n  admin_token: ${TOKEN}\nroutes: nonsense\nsources: ${NONE}\n",
    { PORT: "8099", TOKEN: "the-token" },
  );

  expect(server).toMatchObject({ host: "127.0.0.1", port: 8099 });
  expect(server?.adminToken?.reveal()).toBe("the-token");
});

test("what is left out has its default", async () => {
  const server = await read("routes: []\n");

  expect(server).toMatchObject({ host: "127.0.0.1", port: 8090, adminToken: null });
});

test.each([
  "server: { port: none }",
  "server: { admin_token: '${NONE}' }",
  "server: { prot: 1 }",
  "server: [",
])("it cannot be told from %j", async (text) => {
  const server = await read(text);

  expect(server).toBeUndefined();
});

test("it cannot be told without a file", async () => {
  const server = await readServer(join(folder, "nowhere.yaml"), {});

  expect(server).toBeUndefined();
});
