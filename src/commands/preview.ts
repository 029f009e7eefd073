import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { ConfigError } from "../config/yaml/config-error.ts";
import type { Origins } from "../config/origins.ts";
import { type ClientOptions, withBridge } from "./client.ts";
import { failureText, usageError } from "./failure.ts";
import type { Previewed } from "./preview/preview-of.ts";
import { type Subject, subjectFrom } from "./preview/subject.ts";
import { print, printError, printJson, styled } from "./print.ts";
import { untilSignal } from "./signal.ts";

interface PreviewOptions extends ClientOptions {
  readonly event?: string;
  readonly before: string[];
  readonly source?: string;
  readonly requests?: true;
  readonly watch?: true;
  readonly json?: true;
}

/** `bellhop preview <payload.json>`: what a payload or a recorded event would bring about, sending nothing. */
export function preview(program: Command): void {
  withBridge(program.command("preview"))
    .description("show the messages that a payload or a recorded event comes to, sending nothing")
    .argument("[payload]", "a JSON file, or - for standard input")
    .option("--event <id>", "an event of the running bridge, as `bellhop events` lists it")
    .option(
      "--before <payload>",
      "an earlier payload about the same customer, to compare with; may be given several times, the oldest first",
      (file: string, files: string[]) => [...files, file],
      [],
    )
    .option("--source <name>", "the source that it comes from (default: the one it looks like)")
    .option("--requests", "show the exact requests too")
    .option("--watch", "show it anew whenever the config, a template or the payload changes")
    .option("--json", "print everything as JSON, with the exact requests")
    .action(async (file: string | undefined, options: PreviewOptions) => {
      const subject = await subjectFrom(file, options);
      if (options.watch) return watch(subject, options);
      const shown = await show(subject, options);
      if (shown.error !== undefined) throw shown.error;
      if (shown.previewed?.status === "quarantined") process.exitCode = 1;
    });
}

interface Shown {
  readonly previewed?: Previewed;
  /** Why there is nothing to show. */
  readonly error?: unknown;
  /** What it was made from. */
  readonly origins: Origins;
}

async function show(subject: Subject, options: PreviewOptions): Promise<Shown> {
  const { checkConfig } = await import("../config/load.ts");
  const { config, problems, text, origins } = await checkConfig(
    resolve(options.config),
    process.env,
    { fillsMissing: true },
  );
  const from = withFiles(origins, subject);
  if (config === undefined) return { error: new ConfigError(text, problems), origins: from };
  try {
    const previewed = await subject.preview(config);
    if (options.json) printJson(withoutMessages(previewed));
    else {
      const { describePreview } = await import("./preview/describe-preview.ts");
      print(describePreview(previewed, { requests: options.requests === true }).join("\n"));
    }
    return { previewed, origins: from };
  } catch (error) {
    return { error, origins: from };
  }
}

function withFiles(origins: Origins, { files }: Subject): Origins {
  return { ...origins, files: [...origins.files, ...files] };
}

/** What programs read: of each message the request, which holds all of it. */
function withoutMessages(previewed: Previewed): object {
  const { status, error, changes, routes, messages } = previewed;
  return {
    status,
    error,
    changes,
    routes,
    messages: messages.map(({ destination, route, template, templateError, request }) => ({
      destination,
      route,
      template,
      template_error: templateError,
      request,
    })),
  };
}

/** Shows it again and again, until a signal; what is wrong meanwhile is told, and nothing ends. */
async function watch(subject: Subject, options: PreviewOptions): Promise<void> {
  if (subject.isStream)
    throw usageError("--watch cannot look at standard input.", "Name the payload's file.");
  const { originsOf } = await import("../config/origins.ts");
  const { whenever } = await import("./preview/whenever.ts");
  const known = originsOf(options.config, dirname(resolve(options.config)), "");
  const end = new AbortController();
  const ending = untilSignal().then(() => end.abort());
  let isFirst = true;
  await whenever(
    async () => {
      if (!isFirst) startOver(options);
      isFirst = false;
      const { error, origins } = await show(subject, options);
      if (error !== undefined) (options.json ? printError : print)(failureText(error));
      if (!options.json) print(styled("dim", "\nWaiting for changes. Stop with Ctrl-C."));
      return origins;
    },
    withFiles(known, subject),
    end.signal,
  );
  await ending;
}

/** A terminal is cleared; elsewhere a rule stands between one time and the next. */
function startOver({ json }: PreviewOptions): void {
  if (process.stdout.isTTY) process.stdout.write("\u001b[2J\u001b[3J\u001b[H");
  else if (!json) print(`\n${"─".repeat(24)}\n`);
}
