import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGE_FOLDER } from "../package-folder.ts";
import { fingerprintOfTemplates } from "../render/templates.ts";
import { UnreadableTemplates } from "../render/template-files.ts";
import { type Origins, originsOf, valuesOf } from "./origins.ts";
import { configText } from "./yaml/config-text.ts";
import { environmentOf } from "./yaml/environment.ts";
import { shownPath } from "./yaml/shown-path.ts";

/** The templates that come with Bellhop. */
export const SHIPPED = fileURLToPath(new URL("templates", PACKAGE_FOLDER));

/** A look at what a config is made from, without checking it. */
export interface Fingerprinted {
  /** The fingerprint that the config has if it is right; absent where something cannot be read. */
  readonly fingerprint?: string;
  readonly origins: Origins;
}

/** Reads what a config is made from, and tells by what it would be known. */
export async function fingerprintOf(file: string, env: NodeJS.ProcessEnv): Promise<Fingerprinted> {
  const shown = shownPath(file);
  const folder = dirname(shown);
  const text = await configText(shown);
  if (typeof text !== "string") return { origins: originsOf(shown, folder, "") };
  const origins = originsOf(shown, folder, text);
  const templates = await templatesIn(folder);
  const { variables, problems } = await environmentOf(folder, env);
  if (templates === undefined || problems.length > 0) return { origins };
  const values = valuesOf(text, { variables, folder, isPartial: false });
  return { origins, fingerprint: marksOf(text, templates, values).fingerprint };
}

async function templatesIn(folder: string): Promise<string | undefined> {
  try {
    return await fingerprintOfTemplates({ own: join(folder, "templates"), shipped: SHIPPED });
  } catch (error) {
    if (error instanceof UnreadableTemplates) return undefined;
    throw error;
  }
}

/** What a config is known by: its revision may be told, its fingerprint is of its secrets too. */
export function marksOf(
  text: string,
  templates: string,
  values: readonly string[],
): { readonly revision: string; readonly fingerprint: string } {
  const parts = [text, templates];
  return { revision: digest(parts).slice(0, 12), fingerprint: digest([...parts, ...values]) };
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\u0000")).digest("hex");
}
