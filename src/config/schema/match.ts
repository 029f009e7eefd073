import { z } from "zod";
import type { Match } from "../../core/match.ts";

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Bound = z.union([z.number(), z.string()]);
const AnyOf = z.array(Scalar).min(1);

const Tests = z
  .strictObject({
    gt: Bound.optional().describe("More than this; numbers, or texts such as times."),
    gte: Bound.optional().describe("This or more."),
    lt: Bound.optional().describe("Less than this."),
    lte: Bound.optional().describe("This or less."),
    not: z
      .union([Scalar, AnyOf])
      .optional()
      .describe("Neither this nor, with a list, any of these."),
    exists: z.boolean().optional().describe("Whether there is a value at all."),
  })
  .refine(
    (tests) => Object.keys(tests).length > 0,
    "must hold at least one test, such as `gte: 10`.",
  );

const Condition = z
  .union([Scalar, AnyOf, Tests])
  .describe(
    "What the value at this path must be: a value, a list of which one must fit, a text with `*`, or tests.",
  );

interface MatchInput {
  readonly any?: readonly MatchInput[] | undefined;
  readonly not?: MatchInput | undefined;
  readonly [path: string]: unknown;
}

/** The conditions of a route as the config writes them: paths to conditions, and `any` and `not` to combine. */
export const MatchConfig: z.ZodType<MatchInput> = z
  .object({
    get any() {
      return z
        .array(MatchConfig)
        .min(1)
        .optional()
        .describe("Several sets of conditions, of which one must hold.");
    },
    get not() {
      return MatchConfig.optional().describe("Conditions that must not all hold.");
    },
  })
  .catchall(Condition)
  .describe(
    "Which events the route takes: paths such as `changes.kind` and what the values there must be.",
  );

/** The core's form of conditions that the schema has taken. */
export function toMatch(config: z.output<typeof MatchConfig>): Match {
  return config as Match;
}
