import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Reloaded } from "../../src/bridge/reload.ts";
import { checkConfig } from "../../src/config/load.ts";
import { environment, type House } from "../end-to-end/house.ts";

/** Files beside the config with their new text, such as `config.yaml`, `.env` or `templates/default.hbs`. */
export type Saving = Readonly<Record<string, string>>;

/** Saves files beside the config of a house, and has its bridge take them over as `serve` does. */
export async function save(
  house: Pick<House, "folder" | "bridge" | "sandbox">,
  files: Saving,
  env: Readonly<Record<string, string>> = {},
): Promise<Reloaded> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(house.folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const file = join(house.folder, "config.yaml");
  return house.bridge.reload(await checkConfig(file, { ...environment(house.sandbox), ...env }));
}
