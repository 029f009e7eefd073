import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { environment, EVERYWHERE, PARTIES, post, sample, sourceOf, writeHouse } from "./house.ts";
import { run, serve } from "./process.ts";

it("a bridge keeps a second one away from its file, lets commands work beside it, and holds nothing once it is killed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-alone-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const sandbox = await startSandbox({ rateLimits: false });
  onTestFinished(() => sandbox.close());
  const config = await writeHouse(folder, sandbox, { config: PARTIES + EVERYWHERE });
  const body = await sample("polar/subscribed");
  const send = (url: string) =>
    post(url, sourceOf(config, "polar"), body, { id: "one", at: new Date(), headers: {} });
  const first = await serve(folder, environment(sandbox));

  const second = await run(["serve"], folder, environment(sandbox));
  const check = await run(["check"], folder, environment(sandbox));
  const answer = await send(first.url);
  await first.kill();
  const third = await serve(folder, environment(sandbox));
  const again = await send(third.url);
  const code = await third.stop();

  expect(second.code).toBe(1);
  expect(second.err).toMatch(/^Another bridge has the store .*bellhop\.db open\.\n/);
  expect(second.err).toContain("Stop the other one, or give this one a store of its own.");
  expect(check.code).toBe(0);
  expect(again.body).toEqual({ id: answer.body.id, status: "duplicate" });
  expect(code).toBe(0);
});
