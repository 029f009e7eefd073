import { environment } from "../end-to-end/house.ts";
import { serve, type Served } from "../end-to-end/process.ts";
import { drained, parkedLanes } from "./drained.ts";
import type { Rig } from "./rig.ts";
import type { Trial } from "./trials.ts";

/** A bridge that has got as far as it can by itself. */
export interface Mending {
  readonly rig: Rig;
  readonly bridge: Served;
  readonly tell: (messages: number) => void;
  /** From then on nothing goes wrong any more. */
  readonly endFaults: () => void;
}

/** How often a person tries in vain, while faults go on. */
const IN_VAIN = 2;

/** Does what a person would until all is delivered; resolves with the bridge that runs then. */
export async function mend(mending: Mending, how: Trial["mend"]): Promise<Served> {
  switch (how) {
    case undefined:
      return mending.bridge;
    case "resume":
      await insist(mending, resumeAll);
      return mending.bridge;
    case "replay":
      await insist(mending, (url) => ask(`${url}/api/replay`, { select: { status: "dead" } }));
      return mending.bridge;
    case "renew":
      return renew(mending);
  }
}

async function insist(mending: Mending, act: (url: string) => Promise<void>): Promise<void> {
  const { rig, tell, endFaults } = mending;
  for (let round = 0; round <= IN_VAIN; round += 1) {
    if (round === IN_VAIN) endFaults();
    await act(rig.url);
    await drained(rig.url, rig.sandbox, tell, round === IN_VAIN);
  }
}

async function resumeAll(url: string): Promise<void> {
  for (const lane of await parkedLanes(url))
    await ask(`${url}/api/lanes/${encodeURIComponent(lane)}/resume`, {});
}

/** Makes other webhooks of the same channels, and starts the bridge with their addresses. */
async function renew({ rig, bridge, tell, endFaults }: Mending): Promise<Served> {
  await bridge.stop();
  endFaults();
  await rig.renewWebhooks();
  const next = await serve(rig.folder, environment(rig.sandbox));
  await drained(rig.url, rig.sandbox, tell);
  return next;
}

async function ask(url: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  // Another lane of the same account may have been resumed with the one before.
  if (!response.ok && response.status !== 404)
    throw new Error(`The bridge answered ${response.status}: ${await response.text()}`);
}
