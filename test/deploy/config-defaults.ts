import { readFileSync } from "node:fs";

/** What a setting such as `server.port` is unless the configuration says otherwise, as text. Throws when it has no default. */
export function defaultOf(setting: string): string {
  let schema = JSON.parse(readFileSync("config.schema.json", "utf8")) as Schema;
  for (const key of setting.split(".")) schema = schema.properties?.[key] ?? {};
  if (schema.default === undefined) throw new Error(`${setting} has no default.`);
  return String(schema.default);
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly default?: string | number;
}
