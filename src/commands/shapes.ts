import type { Command } from "commander";
import { FACTS_SHAPE, shapeAt } from "../core/shape.ts";
import { didYouMean } from "../core/suggest.ts";
import { truncate } from "../core/text.ts";
import type { SOURCE_TYPES } from "../sources/index.ts";
import { usageError } from "./failure.ts";
import { print, printJson, safe, styled, table } from "./print.ts";
import type { FactPath } from "./shapes/fact-paths.ts";
import type { SourceShape } from "./shapes/source-shape.ts";

/** `bellhop shapes [source] [path]`: the paths that routes and templates can use. */
export function shapes(program: Command): void {
  program
    .command("shapes")
    .description("list the paths that routes and templates can use, with examples")
    .argument("[source]", "polar or plain (default: both)")
    .argument("[path]", "only what is at or below this path, such as data or subscription")
    .option("--json", "print everything as JSON")
    .action(
      async (type: string | undefined, path: string | undefined, options: { json?: true }) => {
        const { sourceShape } = await import("./shapes/source-shape.ts");
        const all = await Promise.all((await typesFor(type)).map(sourceShape));
        const shown = path === undefined ? all : all.map((shape) => only(path, shape));
        if (options.json) printJson({ sources: shown });
        else print(shown.map((shape) => described(shape, path).join("\n")).join("\n\n"));
      },
    );
}

type TypeName = keyof typeof SOURCE_TYPES;

async function typesFor(given: string | undefined): Promise<TypeName[]> {
  const { SOURCE_TYPES: types } = await import("../sources/index.ts");
  const names = Object.keys(types) as TypeName[];
  const found = names.filter((name) => given === undefined || name === given);
  if (given === undefined || found.length > 0) return found;
  throw usageError(
    `There is no source type called "${given}".${didYouMean(given, names)}`,
    `bellhop shapes takes ${names.join(" or ")}, and then a path: bellhop shapes ${names[0]} subscription.`,
  );
}

function only(path: string, shape: SourceShape): SourceShape {
  const paths = shape.paths.filter((one) => one.path === path || one.path.startsWith(`${path}.`));
  if (paths.length > 0) return { ...shape, paths };
  const known = shape.paths.map((one) => one.path);
  const meant = didYouMean(path, known);
  const hint = `bellhop shapes ${shape.source} lists what there is.`;
  const open = known.find((one) => path.startsWith(`${one}.`) && isOpen(one));
  if (open === undefined)
    throw usageError(`No event of ${shape.source} has "${path}".${meant}`, hint);
  throw usageError(
    `No sample of ${shape.source} has "${path}".${meant}`,
    `An event may have it all the same: what is in ${open} comes from ${shape.source} as it is, and is not checked.`,
  );
}

/** Whether what is at a path is the vendor's or the user's own. */
function isOpen(path: string): boolean {
  return shapeAt(FACTS_SHAPE, path.split("."))?.type === "any";
}

function described(shape: SourceShape, path: string | undefined): string[] {
  const title = `What routes and templates see of ${shape.source}`;
  if (path !== undefined) return [styled("bold", title), "", ...pathTable(shape.paths)];
  const shown = shape.paths.filter((one) => !isTold(one.path, shape));
  return [
    styled("bold", title),
    "",
    ...pathTable(shown),
    "",
    styled("bold", "changes.kind is one of these"),
    "",
    ...kindTable(shape),
    "",
    `Changes are worked out for ${shape.events.join(", ")}; any other event comes as event.received.`,
    `Inside {{#each changes}}, templates leave "changes." away. change is the first of the changes.`,
    `What the vendor sent is in data: bellhop shapes ${shape.source} data lists it.`,
  ];
}

/** Whether what is below is told elsewhere in the table, or too long for it. */
function isTold(path: string, { paths }: SourceShape): boolean {
  const [first = "", second = "", third] = path.split(".");
  if (first === "data" || first === "change") return second !== "";
  const isShared = paths.some((one) => one.path === second && one.type === "object");
  return first === "changes" && isShared && third !== undefined;
}

/** The most characters of an example; ours. */
const EXAMPLE = 60;

function pathTable(paths: readonly FactPath[]): string[] {
  const rows = paths.map(({ path, type, values, example }) => [
    `  ${path}`,
    type,
    values !== undefined && values.length < 6
      ? values.join(", ")
      : shownExample(path, type, example),
  ]);
  return table([["  path", "is", "for example"].map((text) => styled("dim", text)), ...rows]);
}

function shownExample(path: string, type: string, example: FactPath["example"]): string {
  if (path === "changes.subscription" || path === "changes.benefit" || path === "changes.group")
    return `as ${path.slice("changes.".length)}`;
  if (type === "object" || (type === "list" && example === null)) return "";
  if (example === null) return styled("dim", "nothing in the samples");
  const text = typeof example === "string" ? example : JSON.stringify(example);
  return truncate(safe(text), EXAMPLE);
}

function kindTable({ kinds }: SourceShape): string[] {
  const rows = kinds.map(({ kind, carries, needs }) => [
    `  ${kind}`,
    carries.length === 0 ? "" : `with ${carries.join(", ")}`,
    needs === undefined ? "" : `only with ${needs.setting}: ${needs.values.join(" or ")}`,
  ]);
  return table(rows);
}
