import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../src/config/config.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../src/sandbox/sandbox.ts";
import { environment, writeHouse } from "../test/end-to-end/house.ts";
import { serve, type Served } from "../test/end-to-end/process.ts";
import { built } from "./built.ts";

/** A folder with a config, and the sandbox that its messages go to. */
export interface House {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly config: Config;
  /** Starts `bellhop serve` of the built package in it, as a process of its own. */
  serve(): Promise<Served>;
  close(): Promise<void>;
}

/** How large a config is. */
export interface Size {
  /** Each takes some events of the customers of one e-mail domain, `@lane<n>.example`. */
  readonly routes: number;
  /** Slack channels, among which the routes are dealt out. */
  readonly channels: number;
  /** Whether every event of a customer is taken by the route of its domain. */
  readonly takesAll?: boolean;
  readonly sandbox?: SandboxOptions;
}

/** How many channels one bot posts to; a token has 32 attempts under way at most. */
const CHANNELS_A_TOKEN = 25;

/** Makes a folder with a config of that size; the store is a file in it. */
export async function openBench(size: Size): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-bench-"));
  const sandbox = await startSandbox({ rateLimits: false, ...size.sandbox });
  const config = await writeHouse(folder, sandbox, { config: configText(size) });
  const served: Served[] = [];
  return {
    folder,
    sandbox,
    config,
    serve: async () => {
      const one = await serve(folder, environment(sandbox), await built());
      served.push(one);
      return one;
    },
    close: async () => {
      await Promise.all(served.map((one) => one.stop()));
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The config as a file; JSON is YAML. */
function configText({ routes, channels, takesAll = false }: Omit<Size, "sandbox">): string {
  const names = Array.from({ length: channels }, (_, index) => `team-${index}`);
  const config = {
    server: { port: 0 },
    store: "sqlite:./bellhop.db",
    sources: {
      polar: { type: "polar", secrets: ["${POLAR_SECRET}"], tolerance: "1d" },
      plain: { type: "plain", secrets: ["${PLAIN_SECRET}"], tolerance: "1d" },
    },
    destinations: Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          type: "slack",
          token: `xoxb-${Math.floor(index / CHANNELS_A_TOKEN)}`,
          channel: `C${String(index).padStart(8, "0")}`,
          api_url: "${SLACK_API}",
        },
      ]),
    ),
    routes: Array.from({ length: routes }, (_, index) => ({
      name: `customers of ${index}`,
      match: {
        ...(takesAll ? {} : INTERESTS[index % INTERESTS.length]),
        "customer.email": `*@lane${index}.example`,
      },
      send: names[index % channels],
    })),
  };
  return JSON.stringify(config, null, 2);
}

/** What teams ask for: what is won, what is at risk, who is in which group, who is new, and everything. */
const INTERESTS: readonly object[] = [
  { "changes.kind": ["subscription.started", "subscription.plan_changed"] },
  { "changes.kind": ["subscription.cancellation_scheduled", "subscription.ended"] },
  { "changes.kind": ["group.added", "group.removed"] },
  { "changes.kind": "customer.created" },
  { event: "customer.*" },
];
