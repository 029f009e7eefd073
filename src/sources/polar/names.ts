import { inWords } from "../sentence.ts";
import type { PolarConfig } from "./config.ts";

/** Names from the config for what Polar sends as bare ids. */
export type Names = PolarConfig["names"];

/** The name of a product, else the first characters of its id. */
export function productName(id: string, { products }: Names): string {
  return products.get(id) ?? `product ${id.slice(0, 8)}`;
}

/** The name of a meter, else the first characters of its id. */
export function meterName(id: string, { meters }: Names): string {
  return meters.get(id) ?? `meter ${id.slice(0, 8)}`;
}

/** The name of a benefit, else its type in words. */
export function benefitName(id: string, type: string, { benefits }: Names): string {
  return benefits.get(id) ?? BENEFIT_TYPES.get(type) ?? inWords(type);
}

const BENEFIT_TYPES: ReadonlyMap<string, string> = new Map([
  ["custom", "Custom benefit"],
  ["discord", "Discord role"],
  ["github_repository", "GitHub repository access"],
  ["downloadables", "Downloads"],
  ["license_keys", "License keys"],
  ["meter_credit", "Meter credits"],
  ["feature_flag", "Feature flag"],
  ["slack_shared_channel", "Shared Slack channel"],
]);
