import { type Command, InvalidArgumentError } from "commander";
import type { ClientOptions } from "./client.ts";
import { usageError } from "./failure.ts";
import { sinceTime } from "./page-options.ts";

/** What `replay` takes: what is to be sent again, or another config to compare with. */
export interface ReplayOptions extends ClientOptions {
  readonly dead?: true;
  readonly unknown?: true;
  readonly delivered?: true;
  readonly quarantined?: true;
  readonly since?: string;
  readonly until?: string;
  readonly route?: string;
  readonly destination?: string;
  readonly dryRun?: true;
  readonly against?: string;
  readonly source?: string;
  readonly limit?: number;
  readonly show?: number;
  readonly markdown?: true;
  readonly exitCode?: true;
  readonly json?: true;
}

/** Adds what a replay chooses by, and what a comparison does. */
export function withReplayOptions(command: Command): Command {
  return command
    .option("--dead", "every dead letter that nobody has replayed yet")
    .option("--unknown", "every message that is held because it may have been posted")
    .option("--delivered", "messages that were posted, once more; with --since")
    .option("--quarantined", "every webhook in quarantine that can be read by now")
    .option(
      "--since <time>",
      "of those only what came since a time (UTC), or a span back such as 2h or 7d",
      sinceTime,
    )
    .option(
      "--until <time>",
      "of those only what came before a time (UTC), or a span back",
      sinceTime,
    )
    .option("--route <name>", "of the messages only those of this route")
    .option("--destination <name>", "of the messages only those to this destination")
    .option("--dry-run", "tell what would be sent again, and send nothing")
    .option(
      "--against <config>",
      "compare: what this config would have made of the events of the last 7 days (or since --since), beside --config",
    )
    .option("--source <name>", "with --against, only events of this source")
    .option("--limit <count>", "with --against, only so many events, the newest", count(1))
    .option("--show <count>", "with --against, how many differences of each sort (3)", count(0))
    .option("--markdown", "with --against, print Markdown for a pull request")
    .option("--exit-code", "with --against, end with 1 when something differs")
    .option("--json", "print what the API answers; with --against, the comparison");
}

function count(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && Number.isSafeInteger(number)) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} on.`);
  };
}

/** Refuses options that do not go together. Throws a usage error. */
export function checkUsage(ids: readonly string[], options: ReplayOptions): void {
  checkComparing(ids, options);
  if (options.against !== undefined) return;
  const { since, until, route, destination, quarantined, delivered } = options;
  const isSelecting = statusesOf(options).length > 0;
  if ((route ?? destination) !== undefined && !isSelecting)
    throw usageError("--route and --destination go with --dead, --unknown or --delivered.");
  if ((since ?? until) !== undefined && !isSelecting && !quarantined)
    throw usageError(
      "--since and --until go with --dead, --unknown, --delivered or --quarantined.",
    );
  if (delivered && since === undefined)
    throw usageError(
      "--delivered needs --since.",
      "It posts again what people have seen already: say from when on, and look at it with --dry-run first.",
    );
  if (ids.length === 0 && !isSelecting && !quarantined)
    throw usageError(
      "Nothing to replay.",
      "Name events or deliveries, or give --dead, --unknown, --delivered or --quarantined.",
    );
}

/** Options that only choose what is sent again, and those that only compare. */
const SENDING = ["dead", "unknown", "delivered", "quarantined", "route", "destination", "dryRun"];
const COMPARING = ["source", "limit", "show", "markdown", "exitCode"];

function checkComparing(ids: readonly string[], options: ReplayOptions): void {
  const given = Object.keys(options);
  if (options.against === undefined) {
    const [odd] = COMPARING.filter((one) => given.includes(one));
    if (odd !== undefined) throw usageError(`${flag(odd)} goes with --against.`);
    return;
  }
  const [odd] = SENDING.filter((one) => given.includes(one));
  if (odd !== undefined || ids.length > 0)
    throw usageError(
      `--against compares and sends nothing, so ${odd === undefined ? "ids do" : `${flag(odd)} does`} not go with it.`,
      "Choose the events with --since, --until, --source and --limit.",
    );
  if (options.markdown && options.json)
    throw usageError("--markdown and --json exclude each other.");
}

function flag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The ways in which deliveries ended that are chosen. */
export function statusesOf({ dead, unknown, delivered }: ReplayOptions): string[] {
  return [
    ...(dead ? ["dead"] : []),
    ...(unknown ? ["unknown"] : []),
    ...(delivered ? ["delivered"] : []),
  ];
}
