import type { Command } from "commander";

/** `bellhop demo`: the main job with no account anywhere, from a signed webhook to a message in a channel. */
export function demo(program: Command): void {
  program
    .command("demo")
    .description(
      "show the whole way without any account: sandbox, bridge, sample webhooks, messages",
    )
    .action(async () => {
      const { runDemo } = await import("./demo-story.ts");
      await runDemo();
    });
}
