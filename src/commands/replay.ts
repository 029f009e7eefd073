import type { Command } from "commander";
import type { EventAnswer } from "./answers.ts";
import { type Client, clientFor, withBridge } from "./client.ts";
import { print, printJson, safe, table } from "./print.ts";
import { checkUsage, type ReplayOptions, statusesOf, withReplayOptions } from "./replay-options.ts";

interface Replayed {
  readonly of: string;
  readonly delivery: string | null;
  readonly destination: string | null;
  readonly route: string | null;
  readonly problem: string | null;
}

/** The most that is asked for at once; the API's own limit. */
const PORTION = 500;

/** `bellhop replay <event or delivery …>`: what was kept goes through again, as new deliveries. */
export function replay(program: Command): void {
  withReplayOptions(withBridge(program.command("replay")))
    .description(
      "send again: the messages of events, single deliveries, dead letters, or quarantined webhooks; or, with --against, compare two configs on what came in, sending nothing",
    )
    .argument(
      "[ids...]",
      "ids of events and deliveries, as `bellhop events` and `deliveries` list them",
    )
    .action(async (ids: string[], options: ReplayOptions) => {
      const { against } = options;
      checkUsage(ids, options);
      if (against !== undefined) {
        const { replayAgainst } = await import("./replay-against.ts");
        return replayAgainst({ ...options, against });
      }
      const client = await clientFor(options);
      const replayed = [
        ...(await replayNamed(client, ids, options)),
        ...(options.quarantined ? await replayQuarantined(client, options) : []),
      ];
      for (const status of statusesOf(options))
        replayed.push(...(await replaySelected(client, status, options)));
      if (options.json) printJson({ replayed });
      else print(described(replayed, options).join("\n"));
      if (replayed.some((one) => one.problem !== null)) process.exitCode = 1;
    });
}

async function ask(client: Client, order: object, { dryRun }: ReplayOptions): Promise<Answer> {
  return client.post<Answer>("/api/replay", { ...order, dry_run: dryRun === true });
}

interface Answer {
  readonly replayed: readonly Replayed[];
  /** When, by the bridge's own clock. */
  readonly asked: string;
}

async function replayNamed(
  client: Client,
  ids: readonly string[],
  options: ReplayOptions,
): Promise<Replayed[]> {
  const all: Replayed[] = [];
  for (let at = 0; at < ids.length; at += PORTION) {
    const portion = ids.slice(at, at + PORTION);
    all.push(...(await ask(client, { ids: portion }, options)).replayed);
  }
  return all;
}

/** A selection comes in portions, of what was there when the first was asked for: what ends meanwhile is left for another time. */
async function replaySelected(
  client: Client,
  status: string,
  options: ReplayOptions,
): Promise<Replayed[]> {
  const { since, until, route, destination } = options;
  const all: Replayed[] = [];
  let [before, after]: (string | undefined)[] = [];
  for (;;) {
    const select = { status, since, until, before, after, route, destination };
    const { replayed, asked } = await ask(client, { select }, options);
    all.push(...replayed);
    after = replayed.at(-1)?.of;
    if (after === undefined) return all;
    before ??= asked;
  }
}

async function replayQuarantined(client: Client, options: ReplayOptions): Promise<Replayed[]> {
  const { since, until } = options;
  const query = { status: "quarantined", since, until, limit: String(PORTION) };
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page: Page = await client.get<Page>("/api/events", { ...query, cursor });
    ids.push(...page.events.map((event) => event.id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  // The list has the newest first; what came first goes through first.
  return replayNamed(client, ids.toReversed(), options);
}

interface Page {
  readonly events: readonly EventAnswer[];
  readonly next: string | null;
}

function described(replayed: readonly Replayed[], { dryRun }: ReplayOptions): string[] {
  if (replayed.length === 0) return ["Nothing to replay."];
  const hasMessages = replayed.some((one) => one.destination !== null);
  const rows = table(
    replayed.map(({ of, delivery, destination, route, problem }) => [
      of,
      ...(hasMessages ? [destination ?? "", safe(route ?? "")] : []),
      problem ?? (dryRun ? "would go through again" : becomes(delivery)),
    ]),
  );
  const worked = replayed.filter((one) => one.problem === null).length;
  const summary = dryRun
    ? `${worked} would go through again; nothing was sent.`
    : `${worked} of ${replayed.length} go through again.`;
  return replayed.length === 1 ? rows : [...rows, summary];
}

function becomes(delivery: string | null): string {
  return delivery === null ? "goes through again" : `is sent again as ${delivery}`;
}
