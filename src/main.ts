#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { check } from "./commands/check.ts";
import { deliveries } from "./commands/deliveries.ts";
import { demo } from "./commands/demo.ts";
import { events } from "./commands/events.ts";
import { explain } from "./commands/explain.ts";
import { failure } from "./commands/failure.ts";
import { init } from "./commands/init.ts";
import { migrate } from "./commands/migrate.ts";
import { preview } from "./commands/preview.ts";
import { replay } from "./commands/replay.ts";
import { resume } from "./commands/resume.ts";
import { routes } from "./commands/routes.ts";
import { sandbox } from "./commands/sandbox.ts";
import { send } from "./commands/send.ts";
import { serve } from "./commands/serve.ts";
import { shapes } from "./commands/shapes.ts";
import { test } from "./commands/test.ts";
import { version } from "./version.ts";

// Who reads the output may leave early, as `head` does: that is no failure.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });

const program = new Command("bellhop")
  .description(
    "Tells your Slack and Discord channels what changed for a customer in Polar and Plain.",
  )
  .version(version())
  .showHelpAfterError("(add --help for what this command takes)")
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });
for (const register of [
  init,
  serve,
  demo,
  sandbox,
  check,
  send,
  preview,
  test,
  shapes,
  events,
  deliveries,
  explain,
  routes,
  replay,
  resume,
  migrate,
])
  register(program);

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own message; help and version end with 0.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = failure(error);
}
