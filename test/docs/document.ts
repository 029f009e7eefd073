import { globSync, readFileSync } from "node:fs";

/** A Markdown file of the project, taken apart as far as the tests of the documents need it. */
export interface Document {
  /** The path from the project's root. */
  readonly file: string;
  readonly blocks: readonly Block[];
  /** What stands in backticks outside of blocks. */
  readonly codes: readonly string[];
  /** The targets of links. */
  readonly links: readonly string[];
  readonly tables: readonly Table[];
  /** What a link's `#…` may name. */
  readonly anchors: readonly string[];
}

/** A fenced block. */
export interface Block {
  /** `README.md:12`, where the block begins. */
  readonly place: string;
  readonly language: string;
  /** What follows the language on the fence's line. */
  readonly info: string;
  /** Without the indentation of the fence. */
  readonly text: string;
}

/** The cells of a row, trimmed. */
export type Row = readonly string[];

/** A table and where it stands. */
export interface Table {
  /** The heading that it stands below. */
  readonly heading: string;
  readonly header: Row;
  readonly rows: readonly Row[];
}

const FENCE = /^( *)```(\S*) *(.*)\n([\s\S]*?)^\1```$/gm;

/** Every Markdown file at the project's root and in `docs`. */
export const DOCUMENTS: readonly Document[] = globSync(["*.md", "docs/**/*.md"])
  .toSorted()
  .map(readDocument);

/** Every block of all documents, in order. */
export const BLOCKS: readonly Block[] = DOCUMENTS.flatMap((document) => document.blocks);

/** The blocks of a language. */
export function blocksIn(language: string): readonly Block[] {
  return BLOCKS.filter((block) => block.language === language);
}

/** The document at a path from the project's root. Throws when there is none. */
export function documentAt(file: string): Document {
  const found = DOCUMENTS.find((document) => document.file === file);
  if (found === undefined) throw new Error(`There is no document ${file}.`);
  return found;
}

/** The rows of all tables below a heading whose first column is called so. Throws when there is no such table. */
export function rowsOf(file: string, heading: string, column: string): readonly Row[] {
  const tables = documentAt(file).tables.filter(
    (table) => table.heading === heading && table.header[0] === column,
  );
  if (tables.length === 0) throw new Error(`${file} has no such table below "${heading}".`);
  return tables.flatMap((table) => table.rows);
}

/** What stands in backticks in the first column. */
export function namesIn(rows: readonly Row[]): string[] {
  return rows.flatMap(([name = ""]) => codesIn(name));
}

/** What stands in backticks in a text. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/``\s?(.+?)\s?``|`([^`]+)`/g)].map(
    ([, double, single]) => double ?? single ?? "",
  );
}

function readDocument(file: string): Document {
  const text = readFileSync(file, "utf8");
  const prose = text.replaceAll(FENCE, "");
  return {
    file,
    blocks: [...text.matchAll(FENCE)].map(
      ({ index, 1: indent = "", 2: language = "", 3: info = "", 4: body = "" }) => ({
        place: `${file}:${text.slice(0, index).split("\n").length}`,
        language,
        info,
        text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      }),
    ),
    codes: codesIn(prose),
    links: [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target),
    tables: tablesIn(prose),
    anchors: [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => slug(heading)),
  };
}

function tablesIn(prose: string): Table[] {
  const found = prose.matchAll(/^#+ (?<heading>.+)$|^(?<rows>(?:\|.*\|\n)+)/gm);
  const tables: Table[] = [];
  let heading = "";
  for (const { groups } of found) {
    heading = groups?.["heading"] ?? heading;
    const [header, , ...rows] = (groups?.["rows"] ?? "").trim().split("\n").map(cellsOf);
    if (header !== undefined && header.length > 1) tables.push({ heading, header, rows });
  }
  return tables;
}

function cellsOf(row: string): string[] {
  return row
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}

/** As GitHub makes anchors from headings. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
