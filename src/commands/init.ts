import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { usageError } from "./failure.ts";
import { type Draft, draftFrom, type InitOptions, planFrom } from "./init/flags.ts";
import { nextSteps } from "./init/next-steps.ts";
import { type Plan, WAYS } from "./init/plan.ts";
import { print } from "./print.ts";

interface Options extends InitOptions {
  readonly yes?: true;
  readonly force?: true;
}

/** `bellhop init [folder]`: a configuration to begin with. */
export function init(program: Command): void {
  program
    .command("init")
    .description("write a configuration to begin with, by asking or from the options")
    .argument("[folder]", "where to write it", ".")
    .option(
      "--source <type>",
      "polar or plain, or name=type; may be given several times",
      gather,
      [],
    )
    .option(
      "--destination <type>",
      "slack or discord, or name=type; may be given several times",
      gather,
      [],
    )
    .addOption(new Option("--with <way>", "how messages are posted (default: a bot)").choices(WAYS))
    .option("--channel <channel>", "a bot's channel, or destination=channel", gather, [])
    .option("--sandbox", "post to the sandbox on this machine, for which no account is needed")
    .option("-y, --yes", "ask nothing, and take what is usual")
    .option("--force", "overwrite files that are there already, but never .env")
    .action(async (folder: string, options: Options) => {
      const draft = draftFrom(options);
      const path = resolve(folder);
      const { initialize, refuseConfigured } = await import("./init/initialize.ts");
      const force = options.force ?? false;
      if (!force) refuseConfigured(path);
      const plan = await planOf(draft, options);
      const { written, missing } = await initialize(path, plan, { force });
      print(`Wrote ${written.join(", ")}, and samples of webhooks.\n`);
      print(nextSteps(plan, folder, missing).join("\n"));
    });
}

function gather(value: string, values: readonly string[]): string[] {
  return [...values, value];
}

async function planOf(draft: Draft, options: Options): Promise<Plan> {
  if (process.stdin.isTTY && process.stdout.isTTY && !options.yes) {
    const { askForPlan } = await import("./init/questions.ts");
    return askForPlan(draft, { input: process.stdin, output: process.stdout });
  }
  const plan = planFrom(draft);
  if (plan !== null) return plan;
  throw usageError(
    "bellhop init needs to know where webhooks come from and where messages go.",
    "Name them, as in: bellhop init --source polar --destination slack. With --sandbox, no account is needed.",
  );
}
