import { z } from "zod";
import { parseDuration } from "../core/duration.ts";
import { Secret } from "../core/secret.ts";

/** How far a signed time may be from ours, both ways, unless the config says otherwise; the vendors' own figure. */
const TOLERANCE = "5m";

/** The least and the most that a tolerance may be, in milliseconds; ours. */
const TOLERANCE_MS = { least: 1_000, most: 86_400_000 } as const;

/** The settings that every type of source has; `secretFrom` tells where its secret is found. */
export function sharedSettings(secretFrom: string) {
  return {
    label: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: "How messages call this source; the vendor's name unless set.",
        examples: ["Billing"],
      }),
    secrets: z
      .array(signingSecret(secretFrom))
      .min(1, `At least one secret is needed. Copy it from ${secretFrom}.`)
      .transform((secrets) => secrets as [Secret, ...Secret[]])
      .meta({
        description: `The signing secrets, from ${secretFrom}; several while one is being rotated.`,
        examples: [["${WEBHOOK_SECRET}"]],
      }),
    tolerance: Tolerance.prefault(TOLERANCE).describe(
      `How old a signed time may be, and how far ahead, such as 300s; from 1s to 1d, ${TOLERANCE} unless set.`,
    ),
  };
}

function signingSecret(secretFrom: string) {
  return z
    .string()
    .refine((text) => text.trim() !== "", {
      error: `The secret is empty. Copy it from ${secretFrom}, or set the variable it is read from.`,
    })
    .transform((text) => new Secret(text));
}

/** A duration in milliseconds. */
const Tolerance = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  const { least, most } = TOLERANCE_MS;
  if (milliseconds !== undefined && milliseconds >= least && milliseconds <= most)
    return milliseconds;
  context.addIssue({
    code: "custom",
    message: "must be a duration from 1s to 1d: a whole number and a unit, such as `300s` or `5m`.",
  });
  return z.NEVER;
});

/** A map from the vendor's ids to names that people know. */
export function namesById(description: string) {
  return z
    .record(z.string(), z.string().min(1, "The name is empty."))
    .transform((names): ReadonlyMap<string, string> => new Map(Object.entries(names)))
    .prefault({})
    .describe(description);
}
