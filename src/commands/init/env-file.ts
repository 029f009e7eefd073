import { randomBytes } from "node:crypto";
import type { Plan } from "./plan.ts";
import { type Variable, variablesOf } from "./variables.ts";

/** The text of `.env.example`, which lists the variables without their values. */
export function envExample(plan: Plan): string {
  const head =
    "# Copy this file to .env, and fill in the values there. .env is for this machine alone.";
  return listed(head, variablesOf(plan), () => "");
}

/** The text of `.env`: empty values, and for the sandbox secrets of its own, so that no config has a known one. */
export function envFile(plan: Plan): string {
  const head =
    "# What config.yaml calls ${NAME}. Keep this file to yourself, and out of version control.";
  return listed(head, variablesOf(plan), ({ isSourceSecret }) =>
    plan.isSandbox && isSourceSecret ? randomBytes(24).toString("hex") : "",
  );
}

function listed(
  head: string,
  variables: readonly Variable[],
  valueOf: (variable: Variable) => string,
): string {
  const entries = variables.map((one) => {
    const value = valueOf(one);
    const note = value === "" ? "" : " This one is made up, for samples.";
    return `\n# ${one.is}${note}\n${one.name}=${value}\n`;
  });
  return `${head}\n${entries.join("")}`;
}
