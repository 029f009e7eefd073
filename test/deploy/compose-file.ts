import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** What the tests read of a compose file, its anchors and merges resolved. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** A service of a compose file. */
export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly init?: boolean;
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly depends_on?: object;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

/** A compose file as an engine sees it. */
export function readCompose(file: string): ComposeFile {
  return parse(readFileSync(file, "utf8"), { merge: true }) as ComposeFile;
}

/** The names in a text that stand for something from outside: `NAME` of each `${NAME}` and `${NAME:…}`. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{([A-Z_]+)[:}]/g)].map(([, name = ""]) => name);
}
