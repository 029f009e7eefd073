import { resolve } from "node:path";
import { stageOf } from "../../src/commands/stage.ts";
import { checkConfig } from "../../src/config/load.ts";
import type { Stage } from "../../src/pipeline/rehearse.ts";

/** The example's config as tests work with it, its secrets stood in for. */
export async function exampleStage(): Promise<Stage> {
  const { config, text } = await checkConfig(
    resolve("config.example.yaml"),
    {},
    {
      fillsMissing: true,
    },
  );
  if (config === undefined) throw new Error(text);
  return stageOf(config);
}
