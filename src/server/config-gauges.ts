import { Gauge, type Registry } from "prom-client";

/** Which config is in use, and whether the last change of it is; named as Prometheus names its own. */
export class ConfigGauges {
  readonly #info: Gauge<"revision">;
  readonly #isSuccessful: Gauge;
  readonly #succeededAt: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#info = new Gauge({
      name: "bellhop_config_info",
      help: "The revision of the config in use.",
      labelNames: ["revision"],
      registers,
    });
    this.#isSuccessful = new Gauge({
      name: "bellhop_config_last_reload_successful",
      help: "1 while the config as it was changed last is in use.",
      registers,
    });
    this.#succeededAt = new Gauge({
      name: "bellhop_config_last_reload_success_timestamp_seconds",
      help: "When a config was put into use, or found to be right again, the last time.",
      registers,
    });
  }

  /** A config is in use from now on, in milliseconds since the epoch. */
  inUse(revision: string, now: number): void {
    this.#info.reset();
    this.#info.set({ revision }, 1);
    this.#isSuccessful.set(1);
    this.#succeededAt.set(now / 1000);
  }

  /** A changed config cannot be used. */
  refused(): void {
    this.#isSuccessful.set(0);
  }
}
