import { dirname, relative, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import type { Checked } from "../config/load.ts";
import type { Problem } from "../core/problem.ts";
import type { Report } from "../core/report.ts";
import { reportOfMended, reportOfRejected, reportOfRestart } from "../pipeline/config-report.ts";
import type { ConfigDetail } from "../server/health.ts";
import { isSameStore } from "../store/settings.ts";
import { swap, type SwapParts, tellOperator } from "./swap.ts";

/** What came of a changed config. */
export type Reloaded =
  /** It is in use. */
  | "applied"
  /** It is the one in use. */
  | "unchanged"
  /** It has mistakes. */
  | "rejected"
  /** The store could not be written, so it is tried again. */
  | "failed";

/** After how long a config that could not be put into use is tried again, in milliseconds; ours. */
const AGAIN_MS = 5_000;

/** Puts changed configs into use, one after the other, and says what came of each wherever people may look. */
export class Reload {
  readonly #parts: SwapParts;
  /** The one that the bridge was started with, whose address and store it keeps. */
  readonly #first: Config;
  #trouble: ConfigDetail["trouble"] = null;
  #restart: readonly string[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #isStopping = false;
  #again: NodeJS.Timeout | undefined;

  constructor(parts: SwapParts) {
    this.#parts = parts;
    this.#first = parts.live.config;
  }

  /** How the config on disk differs from the one in use. */
  get detail(): ConfigDetail {
    return { trouble: this.#trouble, restart: this.#restart };
  }

  /** Puts a config into use, unless something is wrong with it; never rejects. */
  offer(checked: Checked): Promise<Reloaded> {
    clearTimeout(this.#again);
    const reloaded = this.#turn.then(() => this.#take(checked));
    this.#turn = reloaded;
    return reloaded;
  }

  /** Takes no further config. */
  stop(): void {
    this.#isStopping = true;
    clearTimeout(this.#again);
  }

  /** Resolves when no config is about to be put into use. */
  async idle(): Promise<void> {
    await this.#turn;
  }

  async #take(checked: Checked): Promise<Reloaded> {
    const { config, problems } = checked;
    const { live } = this.#parts;
    if (this.#isStopping) return "failed";
    if (config === undefined) return this.#reject(problems);
    if (config.fingerprint === live.config.fingerprint) {
      if (this.#trouble === null) return "unchanged";
      await this.#applied(config);
      return "applied";
    }
    const { operator } = live;
    try {
      await swap(this.#parts, config);
    } catch (error) {
      return this.#fail(checked, error);
    }
    await this.#applied(config);
    // Not before it is known that a mistake was mended, or who is told of it now would hear of the mistake alone.
    tellOperator(this.#parts, operator);
    return "applied";
  }

  async #reject(problems: readonly Problem[]): Promise<Reloaded> {
    const { ground, metrics, live } = this.#parts;
    const folder = dirname(live.config.file);
    const told = problems.filter(({ severity }) => severity === "error").map(inWords(folder));
    this.#trouble = { since: this.#trouble?.since ?? ground.now(), problems: told };
    metrics.reloaded("rejected");
    ground.log.error({ problems: told, revision: live.config.revision }, "config rejected");
    await this.#report(reportOfRejected(told));
    return "rejected";
  }

  #fail(checked: Checked, error: unknown): Reloaded {
    const { ground, metrics, live } = this.#parts;
    const why = error instanceof Error ? error.message : String(error);
    const problem = `The configuration is right, but the store could not be written: ${why}`;
    this.#trouble = { since: this.#trouble?.since ?? ground.now(), problems: [problem] };
    metrics.reloaded("failed");
    ground.log.error({ err: error, revision: live.config.revision }, "config not put into use");
    this.#again = setTimeout(() => void this.offer(checked), AGAIN_MS);
    this.#again.unref();
    return "failed";
  }

  async #applied(config: Config): Promise<void> {
    const { ground, metrics } = this.#parts;
    const { revision, warnings } = config;
    metrics.configured(config, ground.now());
    metrics.reloaded("applied");
    ground.log.info({ revision }, "config reloaded");
    for (const { file, line, message: text } of warnings)
      ground.log.warn({ file, line, text }, "config warning");
    if (this.#trouble !== null) await this.#report(reportOfMended());
    this.#trouble = null;
    await this.#tellRestart(settingsForRestart(this.#first, config));
  }

  async #tellRestart(settings: readonly string[]): Promise<void> {
    const isNew = settings.some((one) => !this.#restart.includes(one));
    this.#restart = settings;
    if (!isNew) return;
    this.#parts.ground.log.warn({ settings }, "config needs a restart for some settings");
    await this.#report(reportOfRestart(settings));
  }

  async #report(report: Report): Promise<void> {
    const { ground, store, steps } = this.#parts;
    await store.report([report], ground.now()).catch(ground.onError);
    steps.operator.wake();
  }
}

/** `config.yaml:9:5: A route has no "sends".`, the file as seen from the config's folder. */
function inWords(folder: string): (problem: Problem) => string {
  return ({ file, line, column, message }) =>
    `${relative(folder, resolve(file))}:${line}:${column}: ${message.replaceAll("\n", " ")}`;
}

/** The changed settings that a running bridge cannot take over. */
function settingsForRestart(first: Config, now: Config): string[] {
  return [
    ...(first.server.host === now.server.host ? [] : ["server.host"]),
    ...(first.server.port === now.server.port ? [] : ["server.port"]),
    ...(isSameStore(first.store, now.store) ? [] : ["store"]),
  ];
}
