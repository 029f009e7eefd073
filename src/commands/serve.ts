import { setFlagsFromString } from "node:v8";
import type { Command } from "commander";
import type { Bridge } from "../bridge.ts";
import type { Config } from "../config/config.ts";
import type { Watch } from "../config/watch.ts";
import type { Log } from "../pipeline/log.ts";
import { type ConfigOption, readConfig, withConfig } from "./options.ts";
import { untilSignal } from "./signal.ts";

/**
 * What an event is read into lives for milliseconds. In a burst V8 sees it live longer, takes that for a rule, and from
 * then on makes it among what stays, where it drags along all that it refers to. https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
const FLAG = "--no-allocation-site-pretenuring";

/** `bellhop serve`: runs the bridge until SIGTERM or SIGINT, and takes changes of its config over while it runs. */
export function serve(program: Command): void {
  withConfig(program.command("serve"))
    .description("run the bridge until SIGTERM, which drains what is in flight")
    .action(async (options: ConfigOption) => {
      setFlagsFromString(FLAG);
      let watch: Watch | undefined;
      // One that comes before the watch must not end the process; the first look at the files follows anyway.
      process.on("SIGHUP", () => void watch?.now());
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
      const signalled = untilSignal();
      // Whoever reads this may tell it to stop at once.
      log.info({ url: bridge.url, revision: config.revision }, "bridge started");
      watch = await watchConfig(config, bridge, log);
      await signalled;
      log.info({}, "stopping");
      await watch.stop();
      await bridge.stop();
    });
}

/** Has the bridge take the config over whenever it changes. */
async function watchConfig(
  { file, fingerprint }: Config,
  bridge: Bridge,
  log: Log,
): Promise<Watch> {
  const [{ fingerprintOf }, { checkConfig }, { Watch: ConfigWatch }] = await Promise.all([
    import("../config/fingerprint.ts"),
    import("../config/load.ts"),
    import("../config/watch.ts"),
  ]);
  const watch = new ConfigWatch({
    file,
    inUse: fingerprint,
    fingerprint: () => fingerprintOf(file, process.env),
    check: () => checkConfig(file, process.env),
    onChecked: async (checked, isAsked) => {
      const reloaded = await bridge.reload(checked);
      if (isAsked && reloaded === "unchanged") log.info({}, "config has not changed");
    },
    onError: (error) => log.error({ err: error }, "config could not be checked"),
  });
  watch.start();
  return watch;
}
