import { afterEach, expect, test } from "vitest";
import type { FaultRule } from "../../src/sandbox/faults.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { clock, SLACK_CHANNEL } from "./clients.ts";

let sandbox: Sandbox;

afterEach(() => sandbox.close());

async function start(random?: () => number) {
  const time = clock();
  const options = { now: time.now, rateLimits: false };
  sandbox = await startSandbox(random === undefined ? options : { ...options, random });
  return time;
}

function broken(status: number, rule: Partial<FaultRule> = {}): FaultRule {
  return { platform: "slack", fault: { kind: "status", status }, ...rule };
}

async function post(): Promise<number> {
  const answer = await fetch(`${sandbox.slackApiUrl}chat.postMessage`, {
    method: "POST",
    headers: { authorization: "Bearer xoxb-sandbox", "content-type": "application/json" },
    body: JSON.stringify({ channel: SLACK_CHANNEL, text: "hello" }),
  });
  await answer.text();
  return answer.status;
}

async function posts(count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let number = 0; number < count; number += 1) statuses.push(await post());
  return statuses;
}

/** Every multiple of a hundredth from 0 to 0.99, in no order. */
function hundredths(): () => number {
  let drawn = 0;
  return () => ((drawn++ * 37) % 100) / 100;
}

test("a share is for so many of the requests, until cleared", async () => {
  await start(hundredths());
  sandbox.fault(broken(500, { share: 0.1 }));

  const statuses = await posts(100);

  expect(statuses.filter((status) => status === 500)).toHaveLength(10);
});

test("several shares add up, and each is what it says", async () => {
  await start(hundredths());
  for (const status of [500, 502, 503]) sandbox.fault(broken(status, { share: 0.25 }));

  const statuses = await posts(100);

  const count = (status: number) => statuses.filter((one) => one === status).length;
  expect([500, 502, 503, 200].map(count)).toEqual([25, 25, 25, 25]);
});

test("a share with a count ends with the count", async () => {
  await start(hundredths());
  sandbox.fault(broken(500, { share: 1, count: 3 }));

  const statuses = await posts(5);

  expect(statuses).toEqual([500, 500, 500, 200, 200]);
});

test("a rule with a schedule is for every request in its time", async () => {
  const time = await start();
  sandbox.fault(broken(503, { schedule: { afterMs: 30_000, forMs: 120_000 } }));

  const before = await posts(2);
  time.advance(30_000);
  const during = await posts(3);
  time.advance(120_000);
  const after = await posts(2);

  expect([before, during, after]).toEqual([
    [200, 200],
    [503, 503, 503],
    [200, 200],
  ]);
});

test("a count begins anew each time", async () => {
  const time = await start();
  sandbox.fault(broken(503, { schedule: { everyMs: 60_000 } }));

  const first = await posts(2);
  time.advance(60_000);
  const second = await posts(2);

  expect([first, second]).toEqual([
    [503, 200],
    [503, 200],
  ]);
});

test("each fault is told with its request, until nobody listens", async () => {
  const time = await start();
  const given: unknown[] = [];
  const end = sandbox.onFault((one) => given.push(one));
  sandbox.fault(broken(503, { count: 2 }));

  await post();
  end();
  await post();

  expect(given).toEqual([
    {
      platform: "slack",
      call: "chat.postMessage",
      channel: SLACK_CHANNEL,
      fault: { kind: "status", status: 503 },
      at: time.now(),
    },
  ]);
});
