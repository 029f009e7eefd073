import { STATUS_CODES } from "node:http";
import type { GivenFault } from "../sandbox/fault-rules.ts";
import type { Fault } from "../sandbox/faults.ts";
import { safe } from "./print.ts";

/** A fault that a request was given, as one line. */
export function faultLine({ platform, call, channel, fault }: GivenFault): string {
  const who = platform === "slack" ? "Slack" : "Discord";
  const where = channel === null ? "" : ` to ${safe(channel)}`;
  return `⚡ ${who}, ${safe(call)}${where}: ${told(fault)}`;
}

function told(fault: Fault): string {
  const taken = "taken" in fault && fault.taken ? ", but the message was taken" : "";
  switch (fault.kind) {
    case "rate_limit": {
      const wait = fault.retryAfterMs === null ? "not told how long" : seconds(fault.retryAfterMs);
      return `429, ${wait}${fault.scope === undefined ? "" : `, ${fault.scope}`}`;
    }
    case "status":
      return `${fault.status} ${STATUS_CODES[fault.status] ?? ""}`.trimEnd() + taken;
    case "error":
      return `error ${fault.code}${taken}`;
    case "hang":
      return `no answer${taken}`;
    case "reset":
      return `connection reset${taken}`;
    case "cut":
      return "message taken, answer cut in the middle";
    case "html":
      return `a page of HTML with status 200${taken}`;
    case "slow":
      return `answered after ${seconds(fault.ms)}`;
    case "drip":
      return `answer dripped over ${seconds(fault.ms)}`;
    case "unsaved":
      return "message not kept";
  }
}

function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}

/** What a fault is counted as: its name in a file of faults, with the status or code. */
export function faultKind(fault: Fault): string {
  if (fault.kind === "status") return `status ${fault.status}`;
  if (fault.kind === "error") return `error ${fault.code}`;
  return fault.kind;
}
