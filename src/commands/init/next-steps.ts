import { table } from "../print.ts";
import type { Plan } from "./plan.ts";
import { sourceStarter } from "./starters.ts";

/** What to do with new files, as lines; `missing` are the variables without a value. */
export function nextSteps(plan: Plan, folder: string, missing: readonly string[]): string[] {
  const steps = [...filling(missing), ...(plan.isSandbox ? trying(plan) : running(missing))];
  const apart = plan.isSandbox ? ", each in a terminal of its own" : "";
  const place = folder === "." ? ", in this folder" : `, in the folder ${folder}`;
  const rows = steps.map(([what, why], index) => [`  ${index + 1}. ${what}`, why]);
  return [`Next${apart}${place}:`, ...table(rows)];
}

type Step = readonly [what: string, why: string];

function filling(missing: readonly string[]): Step[] {
  if (missing.length === 0) return [];
  const [last = "", ...others] = missing.toReversed();
  const names = others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
  return [["fill in .env", `${names} ${missing.length === 1 ? "has" : "have"} no value yet`]];
}

function trying({ sources }: Plan): Step[] {
  const [{ name, type } = { name: "", type: "" }] = sources;
  const [sample = ""] = sourceStarter(type).samples;
  // Which of several sources a payload belongs to cannot be seen from it.
  const isOneOfMany = sources.filter((one) => one.type === type).length > 1;
  const send = `bellhop send samples/${type}/${sample}.json${isOneOfMany ? ` --source ${name}` : ""}`;
  return [
    ["bellhop sandbox", "stands in for Slack and Discord, and shows what is posted"],
    ["bellhop serve", "runs the bridge"],
    [send, "sends it a webhook, signed as real ones are"],
  ];
}

function running(missing: readonly string[]): Step[] {
  const check: Step = [
    "bellhop check --live",
    "asks Slack and Discord whether they can be posted to",
  ];
  const serve: Step = ["bellhop serve", "runs the bridge"];
  const trials: Step = ["bellhop test", "shows what comes of samples, and sends nothing"];
  return missing.length === 0 ? [trials, check, serve] : [check, serve];
}
