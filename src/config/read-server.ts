import { dirname } from "node:path";
import { configText } from "./yaml/config-text.ts";
import type { ServerConfig } from "./config.ts";
import { environmentOf } from "./yaml/environment.ts";
import { readWith } from "./yaml/repair.ts";
import { Server } from "./schema/schema.ts";
import { serverConfig } from "./build.ts";
import { parseYaml } from "./yaml/source.ts";
import { readValues } from "./yaml/values.ts";
import { type Path, valueAt } from "./yaml/path.ts";

/**
 * How the bridge with this config listens, whatever else is wrong with the file;
 * `undefined` when that itself cannot be told.
 */
export async function readServer(
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<ServerConfig | undefined> {
  const text = await configText(file);
  if (typeof text !== "string") return undefined;
  const source = parseYaml(text);
  if (!source.isReadable) return undefined;
  const folder = dirname(file);
  const { variables } = await environmentOf(folder, env);
  const values = readValues(source, { variables, folder });
  if (values.flaws.some(({ path }) => path[0] === "server")) return undefined;
  const { output } = readWith(Server, valueAt(values.value, ["server"]) ?? {}, {
    ...values,
    isUnresolved: (path) => values.isUnresolved(at(path)),
    scalarAt: (path) => values.scalarAt(at(path)),
  });
  return output === undefined ? undefined : serverConfig(output as Server);
}

function at(path: Path): Path {
  return ["server", ...path];
}
