import { z } from "zod";
import { namesById, sharedSettings } from "../settings.ts";

/** The settings of a source of type `plain`. */
export const PlainConfig = z.strictObject({
  type: z.literal("plain").describe("Webhooks from Plain, https://www.plain.com."),
  ...sharedSettings("Settings → Request signing in Plain"),
  names: z
    .strictObject({
      users: namesById("User ids (`u_…`) and the names that messages call your teammates by."),
    })
    .prefault({})
    .describe("Names for what Plain sends as bare ids."),
});
/** The settings of a source of type `plain`, read and made ready. */
export type PlainConfig = z.output<typeof PlainConfig>;
