import type { Fault, FaultRule } from "../../src/sandbox/faults.ts";

/** One sort of trouble with the platforms. */
export interface Trial {
  readonly name: string;
  readonly troubles: readonly Trouble[];
  /** Whether the platforms refuse connections for a tenth of the time besides. */
  readonly isAway?: boolean;
  /** What a person has to do in the end so that all is delivered; only replays may break the order. */
  readonly mend?: "resume" | "replay" | "renew";
  /**
   * Less of the full form, where a fault closes the whole platform: 5,000 deliveries would take many minutes, and of
   * many lanes the requests under way would be refused as well, without the bridge being to blame.
   */
  readonly less?: { readonly deliveries: number; readonly lanes: number };
  /** Whether the short form has it too. */
  readonly isShort?: boolean;
}

/** The faults that share those of a platform's requests that go wrong. */
export interface Trouble {
  readonly platform: FaultRule["platform"];
  /** All of the platform's requests unless given. */
  readonly call?: string;
  readonly faults: readonly Fault[];
}

/** The codes by which a platform says that a webhook is gone for good. */
export const GONE: readonly (string | number)[] = ["no_service", 10_015];

/** How many of the requests go wrong. */
const SHARE = 0.1;

/** The faults of a trial as the sandbox takes them: together a tenth of the requests. */
export function rulesOf({ troubles }: Trial): FaultRule[] {
  return troubles.flatMap(({ platform, call, faults }) => {
    const match = call === undefined ? {} : { match: { call } };
    return faults.map((fault) => ({ platform, ...match, fault, share: SHARE / faults.length }));
  });
}

/** Every fault that the sandbox knows. */
export const TRIALS: readonly Trial[] = [
  {
    name: "429 with Retry-After, for a Slack method or a Discord bucket",
    troubles: [slack(limit(1_000, "method")), discord(limit(1_000, "bucket"))],
    isShort: true,
  },
  { name: "429 without Retry-After", troubles: both(limit(null)) },
  {
    name: "429 shared by all bots of a Discord channel",
    troubles: [discord(limit(500, "shared"))],
  },
  { name: "429 for all that a Discord bot does", troubles: [discord(limit(200, "global"))] },
  {
    name: "429 of Cloudflare's for this machine, 1,000 deliveries",
    troubles: [discord(limit(1_000, "network"))],
    less: { deliveries: 1_000, lanes: 10 },
  },
  { name: "500, 502 or 503, taken or not", troubles: both(...[500, 502, 503].flatMap(status)) },
  {
    name: "a hang, taken or not",
    troubles: both(...takenOrNot({ kind: "hang" })),
    isShort: true,
  },
  {
    name: "a reset before the message was taken",
    troubles: both({ kind: "reset", taken: false }),
  },
  {
    name: "a reset after the message was taken",
    troubles: both({ kind: "reset", taken: true }),
    isShort: true,
  },
  { name: "a body that is cut off", troubles: both({ kind: "cut" }) },
  { name: "HTML with status 200, taken or not", troubles: both(...takenOrNot({ kind: "html" })) },
  {
    name: "a slow answer",
    troubles: both({ kind: "slow", ms: 300 }, { kind: "drip", ms: 300 }),
  },
  { name: "connections refused for a tenth of the time", troubles: [], isAway: true },
  {
    name: "errors that pass by themselves",
    troubles: [
      slack(...errors("internal_error", "fatal_error", "service_unavailable", "request_timeout")),
      discord(...errors(130_000, 40_062, 20_016)),
    ],
  },
  {
    name: "messages refused, with a replay of the dead ones",
    troubles: [
      slack(...errors("invalid_blocks", "msg_too_long")),
      discord(...errors(50_035, 200_000)),
    ],
    mend: "replay",
  },
  {
    name: "channels, bots and tokens refused, with a resume",
    troubles: [
      {
        ...slack(...errors("channel_not_found", "is_archived", "not_in_channel", "token_revoked")),
        call: "chat.postMessage",
      },
      { ...slack(...errors("action_prohibited", "team_disabled")), call: "webhook" },
      {
        ...discord(...errors(10_003, 50_001, 50_013), { kind: "status", status: 401 }),
        call: "POST /channels/:id/messages",
      },
      { ...discord(...errors(50_013)), call: "POST /webhooks/:webhook/:token" },
    ],
    mend: "resume",
    isShort: true,
  },
  {
    name: "webhooks gone, with new addresses in the end",
    troubles: [
      { ...slack(...errors("no_service")), call: "webhook" },
      { ...discord(...errors(10_015)), call: "POST /webhooks/:webhook/:token" },
    ],
    mend: "renew",
  },
];

function slack(...faults: readonly Fault[]): Trouble {
  return { platform: "slack", faults };
}

function discord(...faults: readonly Fault[]): Trouble {
  return { platform: "discord", faults };
}

function both(...faults: readonly Fault[]): Trouble[] {
  return [slack(...faults), discord(...faults)];
}

function limit(
  retryAfterMs: number | null,
  scope?: (Fault & { readonly kind: "rate_limit" })["scope"],
): Fault {
  return { kind: "rate_limit", retryAfterMs, ...(scope !== undefined && { scope }) };
}

function status(code: number): Fault[] {
  return [
    { kind: "status", status: code },
    { kind: "status", status: code, taken: true },
  ];
}

function takenOrNot(fault: { readonly kind: "hang" | "html" }): Fault[] {
  return [
    { ...fault, taken: false },
    { ...fault, taken: true },
  ];
}

function errors(...codes: readonly (string | number)[]): Fault[] {
  return codes.map((code) => ({ kind: "error", code }));
}
