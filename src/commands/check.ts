import { resolve } from "node:path";
import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import { leavesOf } from "../core/route.ts";
import { shownPath } from "../config/yaml/shown-path.ts";
import type { Destination, Finding } from "../destinations/destination.ts";
import { usageError } from "./failure.ts";
import { type ConfigOption, withConfig } from "./options.ts";
import { hasColor, print, printJson, styled } from "./print.ts";

interface CheckOptions extends ConfigOption {
  readonly live?: true;
  readonly strict?: true;
  readonly withoutSecrets?: true;
  readonly json?: true;
}

/** `bellhop check`: every mistake in config, routes and templates at once. */
export function check(program: Command): void {
  withConfig(program.command("check"))
    .description("check config, routes and templates; --live also asks Slack and Discord")
    .option("--live", "ask Slack and Discord whether tokens, channels and permissions work")
    .option("--strict", "let warnings fail too")
    .option("--without-secrets", "stand in for secrets and channels that are not set, as in CI")
    .option("--json", "print the problems as JSON")
    .action(async (options: CheckOptions) => {
      if (options.live && options.withoutSecrets)
        throw usageError("--live asks with the secrets.", "Leave out --without-secrets.");
      const { checkConfig } = await import("../config/load.ts");
      const checked = await checkConfig(resolve(options.config), process.env, {
        color: hasColor(),
        fillsMissing: options.withoutSecrets === true,
      });
      const { config, problems, text } = checked;
      if (config === undefined) {
        if (options.json) printJson({ ok: false, problems });
        else print(text);
        process.exitCode = 2;
        return;
      }
      const findings = options.live ? await askAll(config.destinations) : undefined;
      const isFine = findings?.every((one) => one.findings.every((finding) => finding.ok)) ?? true;
      if (options.json) {
        printJson({ ok: isFine, problems, destinations: findings });
      } else {
        if (text !== "") print(`${text}\n`);
        print(summary(config, isFine));
        for (const one of findings ?? []) print(describe(one));
      }
      if (!isFine) process.exitCode = 1;
      else if (options.strict && problems.length > 0) process.exitCode = 2;
    });
}

function summary(config: Config, isFine: boolean): string {
  const parts = [
    count(config.sources, "source"),
    count(config.destinations, "destination"),
    count(leavesOf(config.routes), "route"),
    count(config.templates.names, "template"),
  ];
  const file = shownPath(config.file);
  if (isFine) return `${file} is fine: ${parts.join(", ")}.`;
  return `${file} has no mistakes (${parts.join(", ")}), but not every destination can be used:`;
}

function count(list: readonly unknown[], one: string): string {
  return `${list.length} ${one}${list.length === 1 ? "" : "s"}`;
}

interface Asked {
  readonly destination: string;
  readonly findings: readonly Finding[];
}

function askAll(destinations: readonly Destination[]): Promise<Asked[]> {
  return Promise.all(
    destinations.map(async (destination) => ({
      destination: destination.name,
      findings: await destination.probe(AbortSignal.timeout(PROBE_TIMEOUT_MS)),
    })),
  );
}

/** How long a platform may take to answer a live check, in milliseconds; ours. */
const PROBE_TIMEOUT_MS = 15_000;

function describe(asked: Asked): string {
  const lines = asked.findings.map(
    (finding) => `  ${finding.ok ? styled("green", "✓") : styled("red", "✗")} ${finding.text}`,
  );
  return [asked.destination, ...lines].join("\n");
}
