import type { Command } from "commander";
import { type ClientOptions, clientFor, withBridge } from "./client.ts";
import { usageError } from "./failure.ts";
import { sinceTime } from "./page-options.ts";
import { print, printJson, table } from "./print.ts";

interface ReplayOptions extends ClientOptions {
  readonly dead?: true;
  readonly since?: string;
  readonly route?: string;
  readonly destination?: string;
  readonly json?: true;
}

interface ReplayedAnswer {
  readonly of: string;
  readonly delivery: string | null;
  readonly problem: string | null;
}

/** `bellhop replay <event or delivery …>`: what was kept goes through again, as new deliveries. */
export function replay(program: Command): void {
  withBridge(program.command("replay"))
    .description(
      "send again: the messages of events, single deliveries, dead letters, or quarantined webhooks",
    )
    .argument(
      "[ids...]",
      "ids of events and deliveries, as `bellhop events` and `deliveries` list them",
    )
    .option("--dead", "every dead letter that nobody has replayed yet")
    .option(
      "--since <time>",
      "with --dead: only since a time (UTC), or a span back such as 2h or 7d",
      sinceTime,
    )
    .option("--route <name>", "with --dead: only of this route")
    .option("--destination <name>", "with --dead: only to this destination")
    .option("--json", "print what the API answers")
    .action(async (ids: string[], options: ReplayOptions) => {
      checkUsage(ids, options);
      const client = await clientFor(options);
      const { since, route, destination } = options;
      const dead = options.dead && { since, route, destination };
      const replayed = await replayAll(
        (order) => client.post<Answer>("/api/replay", order),
        ids,
        dead,
      );
      if (options.json) printJson({ replayed });
      else print(described(replayed).join("\n"));
      if (replayed.some((one) => one.problem !== null)) process.exitCode = 1;
    });
}

function checkUsage(ids: readonly string[], options: ReplayOptions): void {
  const narrows = [options.since, options.route, options.destination].some(
    (one) => one !== undefined,
  );
  if (narrows && !options.dead)
    throw usageError("--since, --route and --destination go with --dead.");
  if (ids.length === 0 && !options.dead)
    throw usageError("Nothing to replay.", "Name events or deliveries, or give --dead.");
}

interface Answer {
  readonly replayed: ReplayedAnswer[];
  /** When, by the bridge's own clock. */
  readonly asked: string;
}

/** Dead letters come in portions; those that die again meanwhile are left for another time. */
async function replayAll(
  ask: (order: object) => Promise<Answer>,
  ids: readonly string[],
  dead: object | undefined,
): Promise<ReplayedAnswer[]> {
  const all = ids.length === 0 ? [] : (await ask({ ids })).replayed;
  if (dead === undefined) return all;
  let portion = await ask({ dead });
  const before = portion.asked;
  while (portion.replayed.length > 0) {
    all.push(...portion.replayed);
    portion = await ask({ dead: { ...dead, before } });
  }
  return all;
}

function described(replayed: readonly ReplayedAnswer[]): string[] {
  if (replayed.length === 0) return ["Nothing to replay."];
  return table(
    replayed.map(({ of, delivery, problem }) => [
      of,
      problem ?? (delivery === null ? "goes through again" : `is sent again as ${delivery}`),
    ]),
  );
}
