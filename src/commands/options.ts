import { resolve } from "node:path";
import type { Command } from "commander";
import type { Config } from "../config/config.ts";

/** What every command that reads the config takes. */
export interface ConfigOption {
  readonly config: string;
}

/** Adds `--config`. */
export function withConfig(command: Command): Command {
  return command.option("-c, --config <file>", "the config file", "config.yaml");
}

/** Reads the config that `--config` names. Rejects with a `ConfigError` that tells every mistake. */
export async function readConfig(options: ConfigOption): Promise<Config> {
  // Loaded only when it is needed, so that help and wrong usage are answered at once.
  const { loadConfig } = await import("../config/load.ts");
  return loadConfig(resolve(options.config), process.env);
}

/**
 * Reads it where nothing is to be sent, so that no secrets are needed: what is not set is stood in for.
 * Rejects with a `ConfigError` that tells every mistake.
 */
export async function readConfigWithoutSecrets(options: ConfigOption): Promise<Config> {
  const { loadConfig } = await import("../config/load.ts");
  return loadConfig(resolve(options.config), process.env, { fillsMissing: true });
}
