import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { createDatabase } from "../postgres/create-database.ts";
import { ownServer, type OwnServer } from "../postgres/server.ts";
import { environment, exchanged, PARTIES, post, sourceOf, writeHouse } from "./house.ts";
import { serve, type Served } from "./process.ts";

/** Bots alone: they can tell whether they have posted a message already. */
const CONFIG = `${PARTIES.replace("{ port: 0 }", "{ port: 0, shutdown_grace: 1s }").replace(
  /^store: .*$/m,
  'store: { url: "${STORE}", statement_timeout: 2s, connect_timeout: 2s }',
)}
routes:
  - name: everything
    send: [slack-bot, discord-bot]
operator: { send: slack-webhook }
`;

/** How long something may take on a machine that is busy. */
const PATIENTLY = { timeout: 60_000, interval: 50 };

describe("the process of a bridge whose PostgreSQL goes away", { timeout: 180_000 }, () => {
  let server: OwnServer;
  let databases = 0;
  beforeAll(async () => (server = await ownServer()));
  afterAll(() => server.close());

  let folder: string;
  let sandbox: Sandbox;
  let config: Config;
  let bridge: Served;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-away-"));
    databases += 1;
    const url = await createDatabase(server.url, `away_${databases}`);
    sandbox = await startSandbox({ rateLimits: false });
    const env = { ...environment(sandbox), STORE: url };
    config = await writeHouse(folder, sandbox, { config: CONFIG, env });
    bridge = await serve(folder, env);
  });
  afterEach(async () => {
    await bridge.kill();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Sends what happened to a customer of that name. */
  const send = async (customer: string) => {
    const body = await exchanged("polar/subscribed", {
      "992fae2a-2a17-4b7a-8d9e-e287cf90131b": randomUUID(),
      "Ada Lindqvist": customer,
    });
    const sending = { id: `about ${customer}`, at: new Date(), headers: {} };
    return post(bridge.url, sourceOf(config, "polar"), body, sending);
  };
  const ready = async () => {
    const response = await fetch(`${bridge.url}/readyz`);
    return { code: response.status, store: ((await response.json()) as { store?: string }).store };
  };
  /** How often each bot has posted about a customer. */
  const posted = (customer: string) =>
    Object.fromEntries(
      (["slack", "discord"] as const).map((platform) => [
        platform,
        sandbox.messages.filter(
          (one) =>
            one.platform === platform &&
            one.kind === "bot" &&
            JSON.stringify(one.body).includes(customer),
        ).length,
      ]),
    );
  /** Takes a webhook, and has its messages under way for a while. */
  const begin = async (customer: string) => {
    for (const platform of ["slack", "discord"] as const)
      sandbox.fault({ platform, fault: { kind: "slow", ms: 1_500 }, count: 1 });
    const requests = sandbox.requests;
    const { status } = await send(customer);
    await expect.poll(() => sandbox.requests, PATIENTLY).toBeGreaterThanOrEqual(requests + 2);
    return status;
  };
  const operatorHeard = () =>
    sandbox.messages
      .filter(({ kind }) => kind === "webhook")
      .map(({ body }) => JSON.stringify(body));

  it.each([
    [
      "is restarted",
      false,
      () => server.stop(),
      () => server.restart(),
      /^The database away_\d at .+ cannot be used: (?:nothing takes connections there|the connection was lost|it ended the connection)/,
    ],
    [
      "is killed",
      false,
      () => server.kill(),
      () => server.restart(),
      /^The database away_\d at .+ cannot be used: (?:nothing takes connections there|the connection was lost|it ended the connection)/,
    ],
    [
      "fails over",
      true,
      () => server.demote(),
      () => server.promote(),
      /^The database away_\d at .+ cannot be used: (?:it can only be read, as a standby|the connection was lost|it ended the connection)/,
    ],
  ])(
    "loses nothing and posts nothing twice when it %s",
    async (_, isReadable, leave, comeBack, reason) => {
      const before = await begin("Grace Before");
      await leave();
      const refused = await send("Ada Meanwhile");
      await expect
        .poll(ready, PATIENTLY)
        .toEqual({ code: 503, store: expect.stringMatching(reason) });
      const listed = await fetch(`${bridge.url}/api/deliveries`);
      const answered = await listed.json();
      await comeBack();
      await expect.poll(ready, PATIENTLY).toEqual({ code: 200, store: undefined });
      const again = await send("Ada Meanwhile");
      const after = await send("Emmy Afterwards");
      const names = ["Grace Before", "Ada Meanwhile", "Emmy Afterwards"];
      await expect
        .poll(() => names.map(posted), PATIENTLY)
        .toEqual(names.map(() => ({ slack: 1, discord: 1 })));
      const code = await bridge.stop();

      expect([before, refused.status, again.status, after.status]).toEqual([202, 503, 202, 202]);
      expect(answered).toEqual(
        isReadable
          ? { deliveries: expect.any(Array), next: null }
          : { error: "unavailable", message: expect.stringMatching(reason) },
      );
      expect(refused.headers.get("retry-after")).toBe("5");
      expect(names.map(posted)).toEqual(names.map(() => ({ slack: 1, discord: 1 })));
      expect(operatorHeard()).toEqual([
        expect.stringContaining("The store cannot be written: The database away_"),
        expect.stringContaining("The store can be written again."),
      ]);
      expect(code).toBe(0);
    },
  );
});
