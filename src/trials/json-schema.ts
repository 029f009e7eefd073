import { z } from "zod";
import { TrialFile } from "./trial-file.ts";

/** The JSON Schema of `*.test.yaml` as people write it, by which editors complete and check. */
export function trialSchema(): object {
  return z.toJSONSchema(TrialFile, { io: "input" });
}
