import { storeFlaws } from "./check.ts";
import { StoreConfig } from "../schema/store-config.ts";
import { storeSettings } from "./settings.ts";
import type { StoreSettings } from "../../store/settings.ts";

/** A store that was named outside of a config, and what is doubtful about its URL. */
export interface StoreArgument {
  readonly settings: StoreSettings;
  readonly warnings: readonly string[];
}

/** Whether a text names a store itself, and not a config that names one. */
export function isStoreUrl(text: string): boolean {
  return /^(?:sqlite|postgres(?:ql)?):/i.test(text);
}

/** The store that a URL names, relative to a folder; or all that is wrong with it, in words that quote no password. */
export function storeArgument(url: string, folder: string): StoreArgument | readonly string[] {
  const flaws = storeFlaws({ value: { store: { url } }, folder, spanOf: () => undefined });
  const messages = (severity: "error" | "warning") =>
    flaws.filter((one) => one.severity === severity).map(({ message }) => message);
  const errors = messages("error");
  if (errors.length > 0) return errors;
  const settings = storeSettings(StoreConfig.parse(url), folder);
  return { settings, warnings: messages("warning") };
}
