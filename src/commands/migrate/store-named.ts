import type { StoreSettings } from "../../store/settings.ts";
import { usageError } from "../failure.ts";
import { readConfig } from "../options.ts";
import { printError } from "../print.ts";

/**
 * The store that an option names: by its URL, or by the config file in which it is.
 * Rejects with a `BridgeError` that tells what is wrong with the URL, or with all mistakes of the config.
 */
export async function storeNamed(option: string, text: string): Promise<StoreSettings> {
  const { isStoreUrl, storeArgument } = await import("../../config/store/argument.ts");
  if (!isStoreUrl(text)) return storeOfConfig(option, text);
  const argument = storeArgument(text, process.cwd());
  if (!("settings" in argument))
    throw usageError(`${option} cannot be used. ${argument.join(" ")}`);
  for (const warning of argument.warnings) printError(`${option}: ${warning}`);
  return argument.settings;
}

async function storeOfConfig(option: string, file: string): Promise<StoreSettings> {
  // Whatever else it is, it may have a password in it.
  if (/:\/\/|@/.test(file))
    throw usageError(
      `${option} is neither a store nor a config file.`,
      "A store is sqlite:<file> or postgres://user@host/database.",
    );
  return (await readConfig({ config: file })).store;
}
