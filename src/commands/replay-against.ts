import type { Config } from "../config/config.ts";
import { shownPath } from "../config/yaml/shown-path.ts";
import { parseDuration } from "../core/duration.ts";
import { Against } from "../pipeline/against.ts";
import type { ReadingRange } from "../store/reading.ts";
import { asJson } from "./against/as-json.ts";
import { asMarkdown } from "./against/as-markdown.ts";
import { asTable } from "./against/as-table.ts";
import { Progress } from "./against/progress.ts";
import type { Report } from "./against/report.ts";
import { differs, type Tally, Tallying } from "./against/tally.ts";
import { usageError } from "./failure.ts";
import { type ConfigOption, readConfig } from "./options.ts";
import { print, printJson } from "./print.ts";
import { stageOf } from "./stage.ts";

/** What a comparison takes. */
export interface AgainstOptions extends ConfigOption {
  /** The other config. */
  readonly against: string;
  readonly since?: string;
  readonly until?: string;
  readonly source?: string;
  readonly limit?: number;
  readonly show?: number;
  readonly markdown?: true;
  readonly json?: true;
  readonly exitCode?: true;
}

/** How far back is looked unless told, and how many differences of each sort are shown; ours. */
const USUAL = { since: "7d", show: 3 } as const;

/** `bellhop replay --against <config>`: what another config would have made of recorded events; sends nothing. */
export async function replayAgainst(options: AgainstOptions): Promise<void> {
  const { source, limit, show = USUAL.show } = options;
  const now = Date.now();
  const since = moment(options.since ?? USUAL.since, now);
  const until = moment(options.until ?? "0s", now);
  if (since >= until) throw usageError("--since must be before --until.");
  const today = await readConfig(options);
  const other = await readConfig({ config: options.against });
  const configs = { today, other };
  checkSource(source, configs);
  const stages = { today: stageOf(today), other: stageOf(other) };
  const tallying = new Tallying(stages, show);
  const tally = await compare(
    today,
    { since, until, source, limit },
    new Against(stages),
    tallying,
  );
  const files = { today: shownPath(today.file), other: shownPath(other.file) };
  tell({ tally, stages, files, since, until }, options);
  if (options.exitCode && differs(tally)) process.exitCode = 1;
}

/** A time in milliseconds since the epoch; commander has checked that it is one. */
function moment(text: string, now: number): number {
  const span = parseDuration(text);
  return span === undefined ? Date.parse(text) : now - span;
}

function checkSource(
  source: string | undefined,
  configs: { readonly today: Config; readonly other: Config },
): void {
  const names = [...configs.today.sources, ...configs.other.sources].map((one) => one.name);
  if (source !== undefined && !names.includes(source))
    throw usageError(
      `Neither config has a source called "${source}".`,
      `They have: ${[...new Set(names)].join(", ")}.`,
    );
}

async function compare(
  { store }: Config,
  range: ReadingRange,
  against: Against,
  tallying: Tallying,
): Promise<Tally> {
  const { openReading } = await import("../store/open.ts");
  const reading = await openReading(store);
  try {
    const progress = new Progress(await reading.count(range));
    for await (const portion of reading.events(range))
      for (const event of portion) {
        tallying.add(event, await against.hold(event, () => reading.earlier(event)));
        progress.advance();
      }
    progress.end();
    return tallying.result();
  } finally {
    await reading.close();
  }
}

function tell(report: Report, { json, markdown }: AgainstOptions): void {
  if (json) printJson(asJson(report));
  else if (markdown) print(asMarkdown(report));
  else print(asTable(report).join("\n"));
}
