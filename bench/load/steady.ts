import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { SignedWebhook } from "./webhooks.ts";

/** How many connections there are at most; ours. */
const CONNECTIONS = 64;

/**
 * Sends so many webhooks a second, whether or not those before were answered, and gives back how long each took, in
 * milliseconds from the moment at which it was due: one that could not be sent in time has waited as well, and one that is
 * turned away waits for as long as it is asked to. Rejects when one is answered anything else than 2xx and 503.
 */
export async function steady(
  url: string,
  webhooks: readonly SignedWebhook[],
  perSecond: number,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const began = performance.now();
  const dueAt = (index: number) => began + (index * 1_000) / perSecond;
  const answers: Promise<number>[] = [];
  while (answers.length < webhooks.length) {
    const late = webhooks.slice(answers.length, Math.ceil(indexAt(performance.now())));
    for (const one of late) answers.push(post(agent, url, one, dueAt(answers.length)));
    await pause(1);
  }
  try {
    return await Promise.all(answers);
  } finally {
    agent.destroy();
  }

  function indexAt(now: number): number {
    return ((now - began) * perSecond) / 1_000;
  }
}

function post(agent: Agent, url: string, one: SignedWebhook, dueAt: number): Promise<number> {
  const { path, headers, body } = one;
  return new Promise((resolve, reject) => {
    const options = { agent, method: "POST", headers };
    const sending = request(new URL(path, url), options, (response) => {
      const tookMs = performance.now() - dueAt;
      response.resume();
      const { statusCode = 500 } = response;
      const askedS = Number(response.headers["retry-after"] ?? 0);
      if (statusCode < 300 || statusCode === 503) resolve(tookMs + 1_000 * askedS);
      else reject(new Error(`${path} was answered ${statusCode}.`));
    });
    sending.once("error", reject);
    sending.end(body);
  });
}
