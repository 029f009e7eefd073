import { z } from "zod";
import { namesById, sharedSettings } from "../settings.ts";

/** The settings of a source of type `polar`. */
export const PolarConfig = z.strictObject({
  type: z.literal("polar").describe("Webhooks from Polar, https://polar.sh."),
  ...sharedSettings("the webhook endpoint's page in Polar"),
  organization: z
    .string()
    .regex(
      /^[\w-]+$/,
      "This is no slug. Write the last part of the organization's address on polar.sh, such as acme.",
    )
    .optional()
    .meta({
      description: "The slug of the organization; with it, messages link to the customer at Polar.",
      examples: ["acme"],
    }),
  names: z
    .strictObject({
      products: namesById("Product ids and the names that messages call them by."),
      benefits: namesById("Benefit ids and the names that messages call them by."),
      meters: namesById("Meter ids and the names that messages call them by."),
    })
    .prefault({})
    .describe("Names for what Polar sends as bare ids."),
  meters: z
    .enum(["none", "depleted", "all"])
    .default("none")
    .describe(
      "Which changes of usage meters are told: `none`; `depleted`, only that no balance is left; or `all`.",
    ),
});
/** The settings of a source of type `polar`, read and made ready. */
export type PolarConfig = z.output<typeof PolarConfig>;
