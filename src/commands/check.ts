import { relative } from "node:path";
import type { Command } from "commander";
import { ConfigError } from "../config/config-error.ts";
import type { Config } from "../config/config.ts";
import { renderProblems } from "../config/diagnostics.ts";
import type { Destination, Finding } from "../destinations/destination.ts";
import { type ConfigOption, readConfig, withConfig } from "./options.ts";
import { hasColor, print, printJson, styled } from "./print.ts";

interface CheckOptions extends ConfigOption {
  readonly live?: true;
  readonly strict?: true;
  readonly json?: true;
}

/** `bellhop check`: every mistake in config, routes and templates at once. */
export function check(program: Command): void {
  withConfig(program.command("check"))
    .description("check config, routes and templates; --live also asks Slack and Discord")
    .option("--live", "ask Slack and Discord whether tokens, channels and permissions work")
    .option("--strict", "let warnings fail too")
    .option("--json", "print the problems as JSON")
    .action(async (options: CheckOptions) => {
      const checked = await attempt(options);
      if (checked.config === undefined) {
        if (options.json) printJson({ ok: false, problems: checked.error.problems });
        else print(renderProblems(checked.error.problems, { color: hasColor() }));
        process.exitCode = 2;
        return;
      }
      const { config } = checked;
      const findings = options.live ? await askAll(config.destinations) : [];
      const isFine = findings.every((one) => one.findings.every((finding) => finding.ok));
      if (options.json) {
        printJson({
          ok: isFine,
          problems: config.warnings,
          destinations: options.live ? findings : undefined,
        });
      } else {
        if (config.warnings.length > 0)
          print(`${renderProblems(config.warnings, { color: hasColor() })}\n`);
        print(summary(config));
        for (const one of findings) print(describe(one));
      }
      if (!isFine) process.exitCode = 1;
      else if (options.strict && config.warnings.length > 0) process.exitCode = 2;
    });
}

type Checked =
  | { readonly config: Config }
  | { readonly config?: undefined; readonly error: ConfigError };

async function attempt(options: ConfigOption): Promise<Checked> {
  try {
    return { config: await readConfig(options) };
  } catch (error) {
    if (error instanceof ConfigError) return { error };
    throw error;
  }
}

function summary(config: Config): string {
  const count = (list: readonly unknown[], one: string) =>
    `${list.length} ${one}${list.length === 1 ? "" : "s"}`;
  const parts = [
    count(config.sources, "source"),
    count(config.destinations, "destination"),
    count(config.routes, "route"),
    count(config.templates.names, "template"),
  ];
  return `${relative(process.cwd(), config.file)} is fine: ${parts.join(", ")}.`;
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
