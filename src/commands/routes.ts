import type { Command } from "commander";
import { BridgeError } from "../core/error.ts";
import { parseDuration } from "../core/duration.ts";
import type { RouteOutline } from "../core/route-outline.ts";
import { type ClientOptions, clientFor, withBridge } from "./client.ts";
import { clock } from "./moment.ts";
import { readConfigWithoutSecrets } from "./options.ts";
import { sinceTime } from "./page-options.ts";
import { columns, print, printError, printJson, safe, styled } from "./print.ts";
import { routeLines } from "./route-lines.ts";
import type { RouteAnswer, RoutesAnswer } from "./routes-answer.ts";

interface RoutesOptions extends ClientOptions {
  readonly since: string;
  readonly offline?: true;
  readonly json?: true;
}

/** `bellhop routes`: the tree of routes, and what went through each, so that those show which nothing goes through. */
export function routes(program: Command): void {
  withBridge(program.command("routes"))
    .description("draw the routes with what each sent of late; those that sent nothing are marked")
    .option(
      "--since <time>",
      "count since a time (UTC), or a span back such as 2h or 7d",
      sinceTime,
      "7d",
    )
    .option("--offline", "draw them from the config, without asking a bridge what they sent")
    .option("--json", "print what the API answers")
    .action(async (options: RoutesOptions) => {
      const answer = options.offline ? await fromConfig(options) : await fromBridge(options);
      if (options.json) printJson(answer);
      else print(drawn(answer, options).join("\n"));
    });
}

/** What the bridge answers; where none runs and none was named, the routes of the config alone, with a word on that. */
async function fromBridge(options: RoutesOptions): Promise<RoutesAnswer> {
  const client = await clientFor(options);
  try {
    return await client.get<RoutesAnswer>("/api/routes", { since: options.since });
  } catch (error) {
    const isAway = error instanceof BridgeError && error.code === "bridge-unreachable";
    if (!isAway || options.url !== undefined) throw error;
    const answer = await fromConfig(options);
    printError(
      `${error.message} These are the routes of ${options.config}, without what they sent.`,
    );
    return answer;
  }
}

async function fromConfig(options: RoutesOptions): Promise<RoutesAnswer> {
  const { revision, outline } = await readConfigWithoutSecrets(options);
  return { revision, since: null, routes: outline.map(untold), gone: [], unrouted: null };
}

function untold({ routes: inside, ...route }: RouteOutline): RouteAnswer {
  return { ...route, traffic: null, routes: inside?.map(untold) ?? null };
}

function drawn(answer: RoutesAnswer, { since }: RoutesOptions): string[] {
  const isTold = answer.since !== null;
  const period = isTold ? periodOf(since) : null;
  const title = `Routes (config ${answer.revision})`;
  return [
    styled("bold", isTold ? `${title}, since ${clock(answer.since)} UTC` : title),
    ...routeLines(answer.routes, { width: columns(), period }),
    ...(period === null ? [] : summary(answer, since, period)),
  ];
}

/** `in 7 days` for `7d`; `since then` for a time. */
function periodOf(since: string): string {
  const [, count, unit = ""] = /^(\d+)\s?(\w+)$/.exec(since.trim()) ?? [];
  if (count === undefined || parseDuration(since) === undefined) return "since then";
  return `in ${counted(Number(count), UNITS.get(unit) ?? unit)}`;
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ["ms", "millisecond"],
  ["s", "second"],
  ["m", "minute"],
  ["h", "hour"],
  ["d", "day"],
]);

function summary({ routes: tree, gone, unrouted }: RoutesAnswer, since: string, period: string) {
  const leaves = leavesOf(tree);
  const dead = leaves.filter(({ traffic }) => traffic?.events === 0).length;
  const lines = [`${dead} of ${counted(leaves.length, "route")} sent nothing ${period}.`];
  if (unrouted !== null && unrouted > 0)
    lines.push(
      `${counted(unrouted, "event")} ${unrouted === 1 ? "was" : "were"} taken by no route: \`bellhop events --status unrouted --since ${since}\` lists them.`,
    );
  for (const { name, traffic } of gone)
    lines.push(
      `"${safe(name)}", which the config no longer has, sent ${counted(traffic.messages, "message")}, the last at ${clock(traffic.last ?? "")} UTC.`,
    );
  return ["", ...lines];
}

function leavesOf(tree: readonly RouteAnswer[]): readonly RouteAnswer[] {
  return tree.flatMap((one) => (one.routes === null ? [one] : leavesOf(one.routes)));
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}
