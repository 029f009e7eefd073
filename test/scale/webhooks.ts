import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "../../src/config/config.ts";
import type { TrafficEvent } from "../chaos/traffic.ts";
import { sourceOf } from "../end-to-end/house.ts";

/** How many webhooks are under way at once; ours. */
const LINES = 64;

/** The pause before a webhook is sent again, in milliseconds; shorter than any vendor's. */
const AGAIN_MS = 50;

/**
 * Posts events to bridges in turn, those of a subject one after the other, and gives back how many seconds it took until
 * all were accepted. They are signed beforehand. A bridge that is too busy is asked again, as vendors do; rejects at any
 * other answer.
 */
export async function postAll(
  urls: readonly string[],
  config: Config,
  events: readonly TrafficEvent[],
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: LINES });
  const lines = Map.groupBy(
    events.map((event) => signed(config, event)),
    ({ subject }) => subject % LINES,
  );
  const began = performance.now();
  await Promise.all(
    [...lines.values()].map(async (line, index) => {
      const url = urls[index % urls.length] ?? "";
      for (const one of line)
        while (!(await post(agent, `${url}/webhooks/${one.source}`, one))) await pause(AGAIN_MS);
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  agent.destroy();
  return seconds;
}

interface Signed {
  readonly source: string;
  readonly subject: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

function signed(config: Config, { source: name, subject, id, body: sent }: TrafficEvent): Signed {
  const source = sourceOf(config, name);
  const at = new Date();
  const body = Buffer.from(source.refresh(sent, at));
  const headers = { "content-type": "application/json", ...source.sign(body, at, id) };
  return { source: name, subject, headers, body };
}

/** Whether it was accepted. */
function post(agent: Agent, url: string, { headers, body }: Signed): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { agent, method: "POST", headers }, (response) => {
      response.resume();
      response.once("end", () =>
        response.statusCode === 202 || response.statusCode === 503
          ? resolve(response.statusCode === 202)
          : reject(new Error(`The bridge answered ${response.statusCode}.`)),
      );
    });
    sending.once("error", reject);
    sending.end(body);
  });
}
