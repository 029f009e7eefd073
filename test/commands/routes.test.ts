import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RoutesAnswer } from "../../src/commands/routes-answer.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { environment, PARTIES, writeHouse } from "../end-to-end/house.ts";
import { type Ran, run, serve, type Served } from "../end-to-end/process.ts";

const ROUTES = `
routes:
  - name: subscriptions
    match: { changes.kind: "subscription.*" }
    send: slack-bot
    routes:
      - name: started
        match: { changes.kind: subscription.started }
      - name: ended
        match: { changes.kind: subscription.ended }
`;
const SAMPLES = new URL("../../samples/", import.meta.url).pathname;

describe("bellhop routes", () => {
  let folder: string;
  let sandbox: Sandbox;
  let served: Served;
  let env: Record<string, string>;

  const bellhop = (...args: string[]): Promise<Ran> => run(args, folder, env);
  const send = async (name: string, status: string) => {
    await bellhop("send", `${SAMPLES}${name}.json`, "--url", served.url);
    const query = `${served.url}/api/events?status=${status}`;
    for (;;) {
      const { events } = (await (await fetch(query)).json()) as { events: unknown[] };
      if (events.length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-routes-"));
    sandbox = await startSandbox({ rateLimits: false });
    env = environment(sandbox);
    await writeHouse(folder, sandbox, { config: PARTIES + ROUTES });
    served = await serve(folder, env);
    await send("polar/subscribed", "sent");
    await send("polar/order-paid", "unrouted");
  });
  afterAll(async () => {
    await served.stop();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("draws the tree with what each route sent, and marks those that sent nothing", async () => {
    const { code, out } = await bellhop("routes", "--url", served.url);

    const lines = out.trimEnd().split("\n");
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^Routes \(config [0-9a-f]{12}\), since .+ UTC$/);
    expect(lines[2]).toBe("└─ subscriptions  changes.kind: subscription.*");
    expect(lines[3]).toMatch(/^ {3}├─ started +changes.kind: s\S+ +slack-bot +by event +1 +1 +20/);
    expect(lines[4]).toMatch(/^ {3}└─ ended .+ 0 +0 {2}nothing in 7 days$/);
    expect(lines.slice(5)).toEqual([
      "",
      "1 of 2 routes sent nothing in 7 days.",
      "1 event was taken by no route: `bellhop events --status unrouted --since 7d` lists them.",
    ]);
  });

  it("counts since another time, and prints what the API answers", async () => {
    const to = ["--url", served.url];
    const span = await bellhop("routes", "--since", "1h", ...to);
    const json = await bellhop("routes", "--since", "2026-01-01T00:00:00Z", "--json", ...to);

    expect(span.out).toContain("nothing in 1 hour\n");
    expect(JSON.parse(json.out)).toMatchObject({ since: "2026-01-01T00:00:00.000Z", unrouted: 1 });
  });

  it("lists what routes sent that the config no longer has", async () => {
    const file = join(folder, "config.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("name: started", "name: begun"));
    const restarted = served.stop().then(() => serve(folder, env));
    served = await restarted;

    const { out } = await bellhop("routes", "--url", served.url);

    expect(out).toMatch(/─ begun .+ nothing in 7 days\n/);
    expect(out).toMatch(
      /"started", which the config no longer has, sent 1 message, the last at .+ UTC\.\n$/,
    );
  });

  it("draws the tree of the config where no bridge answers, and says so", async () => {
    const { code, out, err } = await bellhop("routes");

    expect(code).toBe(0);
    expect(out).toMatch(/^Routes \(config [0-9a-f]{12}\)\nROUTE +TAKES +SENDS TO +TEMPLATE\n/);
    expect(out).toContain("└─ ended");
    expect(err).toContain("These are the routes of config.yaml, without what they sent.");
  });

  it("asks no bridge when it is told not to", async () => {
    const { code, out, err } = await bellhop("routes", "--offline", "--json");

    const answer = JSON.parse(out) as RoutesAnswer;
    expect([code, err]).toEqual([0, ""]);
    expect(answer).toMatchObject({ since: null, unrouted: null });
    expect(answer.routes[0]?.routes?.[1]).toMatchObject({ name: "ended", traffic: null });
  });

  it("fails when the bridge that was named does not answer", async () => {
    const { code, out, err } = await bellhop("routes", "--url", "http://127.0.0.1:9");

    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("No bridge answers at http://127.0.0.1:9.");
  });
});
