import type { Command } from "commander";
import { BridgeError } from "../core/error.ts";
import type { MoveWay } from "../store/move/ends.ts";
import type { Moved } from "../store/move/move.ts";
import type { Survey } from "../store/move/survey.ts";
import { number } from "./against/report.ts";
import { MoveProgress } from "./migrate/progress.ts";
import { storeNamed } from "./migrate/store-named.ts";
import { print, printJson, safe, styled, table } from "./print.ts";
import { untilSignal } from "./signal.ts";

interface MigrateOptions {
  readonly from: string;
  readonly to: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `bellhop migrate --from <store> --to <store>`: moves everything that is kept into another database. */
export function migrate(program: Command): void {
  program
    .command("migrate")
    .description(
      "move everything that is kept into another database, and verify it; the old store stays as it is",
    )
    .requiredOption("--from <store>", STORE)
    .requiredOption("--to <store>", "the empty database that it is moved to, named in the same way")
    .option("--dry-run", "only tell what would be moved")
    .option("--json", "print what was moved as JSON")
    .addHelpText(
      "after",
      "\nStop the bridge first. When it is cut off, the same command goes on where it was.",
    )
    .action(async (options: MigrateOptions) => {
      const way = {
        from: await storeNamed("--from", options.from),
        to: await storeNamed("--to", options.to),
      };
      if (options.dryRun) await survey(way, options);
      else await run(way, options);
    });
}

const STORE =
  "the store that is there: sqlite:<file>, postgres://user@host/database, or a config file that names it, which keeps a password from others' eyes";

async function survey(way: MoveWay, { json }: MigrateOptions): Promise<void> {
  const { surveyMove } = await import("../store/move/survey.ts");
  const found = await surveyMove(way);
  if (json) printJson({ ...found, isDryRun: true });
  else print(foundLines(found).join("\n"));
}

function foundLines({ from, to, tables, before, isDone }: Survey): string[] {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  return [
    ...bothLines(from, to),
    "",
    ...table([header("TABLE", "ROWS"), ...tables.map(({ name, rows }) => [name, number(rows)])]),
    "",
    isDone
      ? `A store was moved there before, with ${number(before)} rows.`
      : before > 0
        ? `${number(total)} rows are to be moved, of which an earlier run has moved ${number(before)}.`
        : `${number(total)} rows would be moved.`,
    "Nothing was changed.",
  ];
}

async function run(way: MoveWay, { json }: MigrateOptions): Promise<void> {
  const { move } = await import("../store/move/move.ts");
  const stopping = new AbortController();
  void untilSignal().then(() => stopping.abort(stopped()));
  const progress = new MoveProgress();
  const began = performance.now();
  const moved = await move(way, progress, stopping.signal).finally(() => progress.end());
  const seconds = (performance.now() - began) / 1000;
  if (json) printJson({ ...moved, isVerified: true, seconds: Number(seconds.toFixed(3)) });
  else print(movedLines(moved, seconds).join("\n"));
}

function stopped(): BridgeError {
  return new BridgeError("move-stopped", "Stopped.", {
    hint: "Run the same command again: it goes on where it was.",
  });
}

function movedLines({ from, to, tables, before, isRepeated }: Moved, seconds: number): string[] {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const rate = number(Math.round((total - before) / Math.max(seconds, 0.001)));
  return [
    ...bothLines(from, to),
    "",
    ...table([
      header("TABLE", "ROWS", "CHECKSUM"),
      ...tables.map(({ name, rows, checksum }) => [name, number(rows), checksum.slice(0, 16)]),
    ]),
    "",
    ...(isRepeated
      ? ["This store was moved there and verified before; nothing was done."]
      : [
          `Moved ${number(total - before)} rows in ${seconds.toFixed(1)} s, ${rate} a second${before > 0 ? `; ${number(before)} were there from an earlier run` : ""}.`,
          "Verified: each table has as many rows in both databases, and the same checksum over all of them.",
        ]),
    "",
    "Name the new database under `store` in the config, and start the bridge. The old store is as it was: keep it for a while.",
  ];
}

function bothLines(from: string, to: string): string[] {
  return table([
    [styled("bold", "From"), safe(from)],
    [styled("bold", "To"), safe(to)],
  ]);
}

function header(...names: string[]): string[] {
  return names.map((name) => styled("bold", name));
}
