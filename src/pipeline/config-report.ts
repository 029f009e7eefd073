import type { Report } from "../core/report.ts";

/** What all reports about the config are folded by: the last one tells how it stands. */
const CAUSE = "config";

/** The most problems that a report spells out; ours: the log has them all. */
const MOST_TOLD = 3;

/** What the operator is told when a changed config cannot be used; each problem with its place. */
export function reportOfRejected(problems: readonly string[]): Report {
  const told = problems.slice(0, MOST_TOLD);
  const more = problems.length - told.length;
  const rest = more === 0 ? "" : ` And ${more} more: \`bellhop check\` tells them all.`;
  const text = `The configuration was changed and cannot be used, so the one before stays in use until it is mended. ${told.join(" ")}${rest}`;
  return { cause: CAUSE, text };
}

/** What the operator is told when a config that was told as unusable is right again. */
export function reportOfMended(): Report {
  return { cause: CAUSE, text: "The configuration was mended and is in use." };
}

/** What the operator is told of changed settings that take a restart. */
export function reportOfRestart(settings: readonly string[]): Report {
  const names = settings.map((one) => `\`${one}\``).join(" and ");
  const text = `The configuration was changed and is in use, but ${names} only after a restart of the bridge.`;
  return { cause: "config-restart", text };
}
