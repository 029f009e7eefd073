import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { type Facts, factsOf } from "../../src/core/facts.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { EVERYWHERE, PARTIES, sample, sourceOf, writeHouse } from "../../test/end-to-end/house.ts";
import { type Figure, perSecond } from "../figure.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How fast messages are made, from what is known of an event to the body that the platform is sent. */
export const render: Bench = {
  name: "render",
  about: "the templates that come with Bellhop, for each platform",
  run: measure,
};

const TEMPLATES = [
  { template: "default", source: "polar", payload: "polar/cancellation-scheduled" },
  { template: "customer-state", source: "polar", payload: "polar/subscribed" },
  { template: "group-membership", source: "plain", payload: "plain/group-added" },
] as const;

const DESTINATIONS = [
  { platform: "Slack", destination: "slack-bot" },
  { platform: "Discord", destination: "discord-bot" },
] as const;

/** Messages in a round. */
const FULL = 1_000;

async function measure(effort: Effort): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-bench-"));
  const sandbox = await startSandbox();
  try {
    const config = await writeHouse(folder, sandbox, { config: PARTIES + EVERYWHERE });
    const figures: Figure[] = [];
    for (const { template, source, payload } of TEMPLATES)
      for (const { platform, destination } of DESTINATIONS) {
        effort.say(`render: ${template} for ${platform}`);
        const facts = factsAbout(config, source, await sample(payload));
        const make = maker(config, { template, destination, facts });
        const count = amount(FULL, effort);
        const rounds = times(effort.rounds + 1, () => perSecond(() => times(count, make), count));
        // The first round only warms up.
        figures.push({ name: `${template} for ${platform}`, unit: "/s", rounds: rounds.slice(1) });
      }
    return figures;
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function factsAbout(config: Config, name: string, body: Buffer): Facts {
  const source = sourceOf(config, name);
  const event = source.parse(body);
  const comparison = source.changes(event, undefined);
  const [first, ...rest] = comparison.isStale ? [] : comparison.changes;
  if (first === undefined) throw new Error("Nothing changed.");
  return factsOf(event, source, [first, ...rest]);
}

function maker(
  { destinations, templates }: Config,
  wanted: { readonly template: string; readonly destination: string; readonly facts: Facts },
): () => void {
  const destination = destinations.find(({ name }) => name === wanted.destination);
  if (destination === undefined) throw new Error(`There is no destination ${wanted.destination}.`);
  return () => {
    const { message } = templates.render(wanted.template, wanted.facts, destination.platform);
    JSON.stringify(destination.compose(message, "full").body);
  };
}

function times<T>(count: number, work: () => T): T[] {
  return Array.from({ length: count }, work);
}
