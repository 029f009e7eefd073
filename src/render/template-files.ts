import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { BridgeError } from "../core/error.ts";
import type { Platform } from "../destinations/destination.ts";
import { PLATFORMS } from "../destinations/destination.ts";

/** The folders that templates come from. */
export interface TemplateFolders {
  /** The one beside the user's config; it need not exist. */
  readonly own: string | null;
  /** Bellhop's own. */
  readonly shipped: string;
}

/** A template file as it was found. */
export interface TemplateFile {
  /** The file's path as the reader knows it. */
  readonly file: string;
  /** The name without the platform. */
  readonly name: string;
  /** The platform that it is for alone. */
  readonly variant: Platform | null;
  readonly isOwn: boolean;
  /** The text with lines ending in `\n` alone; `null` when the file is not UTF-8. */
  readonly source: string | null;
}

/** All template files and partials of both folders, sorted by folder and name. */
export interface FoundFiles {
  readonly templates: readonly TemplateFile[];
  readonly partials: readonly TemplateFile[];
}

/** Reads both folders. Rejects with `UnreadableTemplates` when what is there cannot be read. */
export async function readTemplateFiles({ own, shipped }: TemplateFolders): Promise<FoundFiles> {
  const read = async (below: string) => [
    ...(own === null ? [] : await readFolder(join(own, below), true)),
    ...(await readFolder(join(shipped, below), false)),
  ];
  const templates = await read("");
  const partials = await read("partials");
  return {
    templates,
    partials: partials.map((file) => ({ ...file, name: fullName(file), variant: null })),
  };
}

async function readFolder(folder: string, isOwn: boolean): Promise<TemplateFile[]> {
  const names = await namesIn(folder);
  return Promise.all(
    names
      .filter((name) => name.endsWith(EXTENSION))
      .toSorted()
      .map(async (fileName) => {
        const file = join(folder, fileName);
        return { file, ...nameOf(fileName), isOwn, source: decode(await bytesOf(file)) };
      }),
  );
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UnreadableTemplates(file, error);
  }
}

const EXTENSION = ".hbs";

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new UnreadableTemplates(folder, error);
  }
}

/** A folder of templates, or a file in it, that is there but cannot be read. */
export class UnreadableTemplates extends BridgeError {
  readonly file: string;

  constructor(file: string, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    const message =
      code === "ENOTDIR"
        ? "Templates are read from a folder of this name, and this is a file."
        : `The templates here cannot be read (${code}).`;
    super("templates-unreadable", message, { cause });
    this.file = file;
  }
}

/** A name may hold dots; only a platform behind the last one makes a variant. */
function nameOf(fileName: string): Pick<TemplateFile, "name" | "variant"> {
  const name = fileName.slice(0, -EXTENSION.length);
  const variant = PLATFORMS.find((platform) => name.endsWith(`.${platform}`)) ?? null;
  return variant === null
    ? { name, variant }
    : { name: name.slice(0, -variant.length - 1), variant };
}

/** Partials have no variants: `note.slack.hbs` is the partial `note.slack`. */
function fullName({ name, variant }: TemplateFile): string {
  return variant === null ? name : `${name}.${variant}`;
}

/** Without a byte order mark. */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, "\n");
  } catch {
    return null;
  }
}
