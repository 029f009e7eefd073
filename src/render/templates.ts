import { createHash } from "node:crypto";
import { TemplateError } from "../core/error.ts";
import type { Facts } from "../core/facts.ts";
import type { Problem } from "../core/problem.ts";
import type { Platform } from "../destinations/destination.ts";
import { BUILT_IN, renderBuiltIn } from "./built-in.ts";
import type { Engine } from "./engine.ts";
import { createEngine } from "./engine.ts";
import type { TemplateParts } from "./front-matter.ts";
import { readTemplate } from "./front-matter.ts";
import { Piece } from "./piece.ts";
import { outlineOf } from "./outline.ts";
import type { Rendered, Templates, TemplateSheet } from "./rendered.ts";
import type { Template } from "./template.ts";
import { compileTemplate } from "./template.ts";
import type { FoundFiles, TemplateFile, TemplateFolders } from "./template-files.ts";
import { readTemplateFiles } from "./template-files.ts";
import { type Checked, checkInVain, typecheck } from "./typecheck.ts";

/**
 * The templates of two folders: what the user's own does not have comes from those that ship with Bellhop.
 * Mistakes in the files are the result's `problems`; rejects only when a file that is there cannot be read.
 */
export async function loadTemplates(folders: TemplateFolders): Promise<Templates> {
  const found = await readTemplateFiles(folders);
  const files = filesOf(found);
  const partials = new Map(visible(found.partials).map((file) => [file.name, pieceOf(file)]));
  const templates = visible(found.templates).map((file) => ({
    ...file,
    parts: readTemplate(file.file, file.source ?? "", file.variant),
  }));
  const engine = createEngine(partials);
  const compiled = new Map(
    templates.map(({ name, variant, parts }) => [
      keyOf(name, variant),
      compileTemplate(parts, engine),
    ]),
  );
  const { problems, usedPartials } = problemsOf(
    templates.map(({ parts }) => parts),
    partials,
    engine,
  );
  return {
    names: [...new Set(templates.map(({ name }) => name))].toSorted(),
    sheets: templates.map((file) => sheetOf(file, file.parts, partials)),
    unusedPartials: visible(found.partials)
      .filter(({ isOwn, name }) => isOwn && !usedPartials.has(name))
      .map((file) => warning(pieceOf(file), "No template uses this partial.")),
    problems: [...files.flatMap(encodingProblem), ...problems].toSorted(byPlace),
    fingerprint: fingerprint(files),
    render: (wanted, facts, platform) => render(compiled, chain(wanted, facts), facts, platform),
  };
}

/** The fingerprint of the templates that `loadTemplates` would give back; rejects as it does. */
export async function fingerprintOfTemplates(folders: TemplateFolders): Promise<string> {
  return fingerprint(filesOf(await readTemplateFiles(folders)));
}

function filesOf({ templates, partials }: FoundFiles): TemplateFile[] {
  return [...visible(templates), ...visible(partials)];
}

/** Without the shipped files that own ones take the place of: a name's own file hides all that ship for the name. */
function visible(files: readonly TemplateFile[]): TemplateFile[] {
  const own = new Set(
    files.filter(({ isOwn }) => isOwn).map(({ name, variant }) => keyOf(name, variant)),
  );
  return files.filter(
    ({ isOwn, name, variant }) =>
      isOwn || (!own.has(keyOf(name, null)) && !own.has(keyOf(name, variant))),
  );
}

function keyOf(name: string, variant: Platform | null): string {
  return JSON.stringify([name, variant]);
}

function pieceOf({ file, source }: TemplateFile): Piece {
  const text = source ?? "";
  return new Piece({ file, source: text, path: "" }, text, 0);
}

function encodingProblem(file: TemplateFile): Problem[] {
  if (file.source !== null) return [];
  return [pieceOf(file).problem(0, 1, "This file is not UTF-8. Save it as UTF-8.")];
}

function sheetOf(
  file: TemplateFile,
  parts: TemplateParts,
  partials: ReadonlyMap<string, Piece>,
): TemplateSheet {
  const { name, variant, isOwn } = file;
  return {
    name,
    variant,
    isOwn,
    outline: outlineOf(parts),
    warn: (place, message) => warning(pieceAt(parts, place) ?? pieceOf(file), message),
    inVain: (facts, why) => checkInVain(checkedOf(parts), partials, facts, why),
  };
}

/** The piece at a place of the front matter, or the first one below it; none for the file itself. */
function pieceAt({ pieces, body }: TemplateParts, place: string): Piece | undefined {
  if (place === "body") return body;
  return place === "" ? undefined : pieces.find(({ path }) => path.startsWith(place));
}

function warning(piece: Piece, message: string): Problem {
  const start = piece.text.length - piece.text.trimStart().length;
  const { length } = piece.text.slice(start).split("\n", 1)[0] ?? "";
  return { ...piece.problem(start, length, message), severity: "warning" };
}

function checkedOf({ pieces, isRawAllowed }: TemplateParts): Checked[] {
  return pieces.map((piece) => ({ piece, isRawAllowed }));
}

function problemsOf(
  templates: readonly TemplateParts[],
  partials: ReadonlyMap<string, Piece>,
  engine: Engine,
): { readonly problems: readonly Problem[]; readonly usedPartials: ReadonlySet<string> } {
  const pieces = templates.flatMap(checkedOf);
  const checked = typecheck(pieces, partials);
  const problems = [...templates.flatMap((parts) => parts.problems), ...checked.problems];
  const objections = [...pieces.map(({ piece }) => piece), ...partials.values()].flatMap((piece) =>
    problems.some((problem) => problem.file === piece.file && problem.path === piece.path)
      ? []
      : engine.objections(piece),
  );
  return { problems: [...problems, ...objections], usedPartials: checked.usedPartials };
}

function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function fingerprint(files: readonly TemplateFile[]): string {
  const texts = files.map(({ name, variant, source }) => [name, variant, source]);
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex");
}

/** The names that may render an event, the first that exists wins. */
function chain(wanted: string | null, { source, event }: Facts): readonly string[] {
  const own = [`${source.name}.${event}`, `${source.type}.${event}`, "default"];
  return wanted === null ? own : [wanted, ...own];
}

function render(
  templates: ReadonlyMap<string, Template>,
  names: readonly string[],
  facts: Facts,
  platform: Platform,
): Rendered {
  for (const name of names) {
    const template = templates.get(keyOf(name, platform)) ?? templates.get(keyOf(name, null));
    if (template !== undefined) return attempt(name, template, facts);
  }
  return builtIn(facts, new TemplateError('There is no template called "default".'));
}

function attempt(name: string, template: Template, facts: Facts): Rendered {
  try {
    return { template: name, message: template(facts) };
  } catch (error) {
    if (error instanceof TemplateError) return builtIn(facts, error);
    return builtIn(facts, new TemplateError(`The template "${name}" failed.`, { cause: error }));
  }
}

function builtIn(facts: Facts, failure: TemplateError): Rendered {
  return { template: BUILT_IN, message: renderBuiltIn(facts), failure };
}
