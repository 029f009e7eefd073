import { z } from "zod";
import { parseDuration } from "../core/duration.ts";
import type { Fault, FaultRule } from "./faults.ts";
import type { Schedule } from "./schedule.ts";

/** What a file of faults comes to: the rules for requests, and when the port is closed. */
export interface Rehearsal {
  readonly rules: readonly FaultRule[];
  readonly outages: readonly Schedule[];
}

const Duration = words(
  "must be a duration such as `500ms`, `30s` or `5m`: a whole number and `ms`, `s`, `m`, `h` or `d`.",
  (text) => parseDuration(text),
);

const Share = words("must be a percentage above 0% and up to 100%, such as `10%`.", (text) => {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]);
  return percent > 0 && percent <= 100 ? percent / 100 : undefined;
});

const RetryAfter = words(
  "must be a duration such as `30s`, or `none` for an answer that does not tell.",
  (text) => (text === "none" ? null : parseDuration(text)),
);

/** A text that must be of a form; anything else is told with these words. */
function words<T>(message: string, read: (text: string) => T | undefined) {
  return z.string(message).transform((text, context): T => {
    const value = read(text.trim());
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

/** The two platforms share a port, and whoever closes it closes it for both. */
const Nobody = z.custom<undefined>(
  () => false,
  "does not go with `down`, which closes the port for both. For one alone, use `reset` or `status`.",
);

const WHEN = { after: Duration.optional(), for: Duration.optional(), every: Duration.optional() };

const WHICH = {
  platform: z.enum(["slack", "discord"]).describe("Whose requests it is for."),
  call: z.string().min(1).optional(),
  channel: z.string().min(1).optional(),
  count: z.int().min(1).optional(),
  share: Share.optional(),
};

const taken = z.boolean().optional();
const takes = Duration.describe("How long the answer takes, such as `20s`.");

const Rule = z.discriminatedUnion("fault", [
  rule("rate_limit", {
    retry_after: RetryAfter.describe("How long to wait, such as `30s`, or `none`."),
    scope: z.enum(["method", "bucket", "shared", "global", "network"]).optional(),
  }),
  rule("status", {
    status: z.int().min(200).max(599).describe("The HTTP status, such as `503`."),
    body: z.string().optional(),
    taken,
  }),
  rule("error", {
    code: z
      .union([z.int().min(0), z.string().min(1)])
      .describe("The platform's own, such as `is_archived` or `50013`."),
    taken,
  }),
  rule("hang", { taken }),
  rule("reset", { taken }),
  rule("cut", {}),
  rule("html", { taken }),
  rule("slow", { takes }),
  rule("drip", { takes }),
  rule("unsaved", {}),
  z
    .strictObject({ fault: z.literal("down"), platform: Nobody.optional(), ...WHEN })
    .superRefine(checkTimes),
]);

function rule<const K extends string, S extends z.ZodRawShape>(fault: K, own: S) {
  return z
    .strictObject({ fault: z.literal(fault), ...WHICH, ...own, ...WHEN })
    .superRefine(checkTimes);
}

function checkTimes(times: object, context: z.RefinementCtx): void {
  const { fault, for: forMs, every: everyMs } = times as Times & { readonly fault: string };
  if (everyMs === undefined) return;
  const tell = (message: string) => context.addIssue({ code: "custom", path: ["every"], message });
  if (everyMs === 0) tell("must be longer than nothing.");
  else if (forMs === undefined && fault === "down")
    tell("needs `for` beside it: how long the port is closed each time.");
  else if (forMs !== undefined && everyMs <= forMs)
    tell("must be longer than `for`: it is the time from one start to the next.");
}

interface Times {
  readonly after?: number | undefined;
  readonly for?: number | undefined;
  readonly every?: number | undefined;
}

/** A file of faults for `bellhop sandbox`, durations in milliseconds. */
export const FaultsFile = z.strictObject({
  rules: z.array(Rule).min(1).describe("What goes wrong, and when."),
});
export type FaultsFile = z.infer<typeof FaultsFile>;

/** What the sandbox makes of a file. */
export function rehearsalOf({ rules }: FaultsFile): Rehearsal {
  return {
    rules: rules.flatMap((one) => (one.fault === "down" ? [] : [ruleOf(one)])),
    outages: rules.flatMap((one) => (one.fault === "down" ? [scheduleOf(one)] : [])),
  };
}

type RuleOf = Exclude<FaultsFile["rules"][number], { readonly fault: "down" }>;

function ruleOf(one: RuleOf): FaultRule {
  const { platform, call, channel, count, share } = one;
  return {
    platform,
    match: given({ call, channel }),
    fault: faultOf(one),
    ...given({ count, share }),
    schedule: scheduleOf(one),
  };
}

function scheduleOf(times: Times): Schedule {
  return given({ afterMs: times.after, forMs: times.for, everyMs: times.every });
}

function faultOf(one: RuleOf): Fault {
  const isTaken = "taken" in one && one.taken === true;
  switch (one.fault) {
    case "rate_limit":
      return {
        kind: one.fault,
        retryAfterMs: one.retry_after,
        ...given({ scope: one.scope }),
      };
    case "status":
      return { kind: one.fault, status: one.status, ...given({ body: one.body }), taken: isTaken };
    case "error":
      return { kind: one.fault, code: one.code, taken: isTaken };
    case "hang":
    case "reset":
    case "html":
      return { kind: one.fault, taken: isTaken };
    case "cut":
    case "unsaved":
      return { kind: one.fault };
    case "slow":
    case "drip":
      return { kind: one.fault, ms: one.takes };
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that have a value. */
function given<T extends object>(fields: T): Given<T> {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Given<T>;
}
