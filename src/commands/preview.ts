import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import type { Change } from "../core/change.ts";
import type { Request } from "../destinations/destination.ts";
import { processEvent } from "../pipeline/process.ts";
import { rehearse } from "../pipeline/rehearse.ts";
import type { Source } from "../sources/source.ts";
import type { Processed, StoredSnapshot } from "../store/store.ts";
import { describeChanges, describeRoutes } from "./describe.ts";
import { usageError } from "./failure.ts";
import { type ConfigOption, readConfig, withConfig } from "./options.ts";
import { readPayload, sourceFor } from "./payload-file.ts";
import { print, printError, printJson, styled } from "./print.ts";
import { stageOf } from "./stage.ts";

interface PreviewOptions extends ConfigOption {
  readonly before: string[];
  readonly source?: string;
  readonly json?: true;
}

/** `bellhop preview <payload.json>`: what a payload would bring about, sending nothing. */
export function preview(program: Command): void {
  withConfig(program.command("preview"))
    .description("show changes, routes and the exact requests for a payload, sending nothing")
    .argument("<payload>", "a JSON file, or - for standard input")
    .option(
      "--before <payload>",
      "an earlier payload about the same customer, to compare with; may be given several times, the oldest first",
      (file: string, files: string[]) => [...files, file],
      [],
    )
    .option("--source <name>", "the source that it comes from (default: the one it looks like)")
    .option("--json", "print everything as JSON")
    .action(async (file: string, options: PreviewOptions) => {
      const config = await readConfig(options);
      const body = await readPayload(file);
      const source = await sourceFor(body, config.sources, options.source);
      const earlier = await Promise.all(options.before.map(readPayload));
      const previewed = previewOf(config, source, earlier, body);
      if (options.json) printJson(previewed);
      else show(previewed);
      if (previewed.status === "quarantined") process.exitCode = 1;
    });
}

interface Preview {
  readonly status: Processed["status"];
  readonly error: Processed["error"];
  readonly changes: readonly Change[];
  readonly routes: Processed["routes"];
  readonly messages: readonly PreviewedMessage[];
}

interface PreviewedMessage {
  readonly destination: string;
  readonly route: string;
  readonly template: string;
  readonly template_error: string | null;
  readonly request: Request;
}

function previewOf(
  config: Config,
  source: Source,
  earlier: readonly Uint8Array[],
  body: Uint8Array,
): Preview {
  const stage = stageOf(config);
  const stored = (payload: Uint8Array) => ({ id: "preview", source: source.name, body: payload });
  let before: StoredSnapshot | undefined;
  for (const payload of earlier) {
    const { error, snapshot } = processEvent(stored(payload), before, stage, () => "preview");
    if (error !== null) throw usageError(`An earlier payload cannot be used: ${error.text}`);
    before = snapshot ?? before;
  }
  const { processed, messages } = rehearse(stored(body), before, stage);
  return {
    status: processed.status,
    error: processed.error,
    changes: processed.changes,
    routes: processed.routes,
    messages: messages.map(({ destination, route, template, templateError, request }) => ({
      destination,
      route,
      template,
      template_error: templateError,
      request,
    })),
  };
}

function show(previewed: Preview): void {
  if (previewed.error !== null) {
    printError(`This payload would be quarantined: ${previewed.error.text}`);
    return;
  }
  if (previewed.changes.length === 0)
    print(`Nothing would be posted: the event is ${previewed.status}.`);
  else print([styled("bold", "Changes"), ...describeChanges(previewed.changes)].join("\n"));
  if (previewed.routes.length > 0)
    print(["", styled("bold", "Routes"), ...describeRoutes(previewed.routes)].join("\n"));
  for (const message of previewed.messages) {
    const title = `${message.destination} (route "${message.route}", template ${message.template})`;
    print(`\n${styled("bold", title)}`);
    if (message.template_error !== null)
      print(
        styled(
          "red",
          `The template failed, this is the built-in rendering: ${message.template_error}`,
        ),
      );
    print(message.request.call);
    printJson(message.request.body);
  }
}
