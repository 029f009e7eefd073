import type { Command } from "commander";
import { type ClientOptions, clientFor, withBridge } from "./client.ts";
import { print, printJson } from "./print.ts";

interface ResumeOptions extends ClientOptions {
  readonly json?: true;
}

/** `bellhop resume <lane>`: a parked channel is tried again at once. */
export function resume(program: Command): void {
  withBridge(program.command("resume"))
    .description("try a parked channel again at once, after mending what was wrong with it")
    .argument("<lane>", "a destination's name, or the id of a lane or an account")
    .option("--json", "print what the API answers")
    .action(async (lane: string, options: ResumeOptions) => {
      const client = await clientFor(options);
      const path = `/api/lanes/${encodeURIComponent(lane)}/resume`;
      const answer = await client.post<{ resumed: number }>(path, {});
      if (options.json) printJson(answer);
      else
        print(`${answer.resumed} parked lane${answer.resumed === 1 ? " is" : "s are"} tried again now.
What still waits afterwards, and why: \`bellhop deliveries --status parked\`.`);
    });
}
