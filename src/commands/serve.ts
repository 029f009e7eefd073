import type { Command } from "commander";
import { type ConfigOption, readConfig, withConfig } from "./options.ts";
import { untilSignal } from "./signal.ts";

/** `bellhop serve`: runs the bridge until SIGTERM or SIGINT. */
export function serve(program: Command): void {
  withConfig(program.command("serve"))
    .description("run the bridge until SIGTERM, which drains what is in flight")
    .action(async (options: ConfigOption) => {
      const config = await readConfig(options);
      const [{ startBridge }, { destination, pino }] = await Promise.all([
        import("../bridge.ts"),
        import("pino"),
      ]);
      // Synchronous, so that the last lines before a crash are not lost.
      const log = pino({ base: null }, destination({ fd: 1, sync: true }));
      for (const warning of config.warnings)
        log.warn(
          { file: warning.file, line: warning.line, text: warning.message },
          "config warning",
        );
      const bridge = await startBridge(config, { log });
      await untilSignal();
      log.info({}, "stopping");
      await bridge.stop();
    });
}
