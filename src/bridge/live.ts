import type { Config } from "../config/config.ts";
import type { Destination } from "../destinations/destination.ts";
import type { Means } from "../pipeline/attempt.ts";
import type { Rules } from "../pipeline/process.ts";
import type { Source } from "../sources/source.ts";
import type { LaneOf } from "../store/store.ts";

/** The config in use. Whoever asks takes all that belongs together at once, since the next moment it may be another. */
export class Live {
  #revision: Revision;

  constructor(config: Config) {
    this.#revision = revisionOf(config);
  }

  /** Has a config take the place of the one before, as a whole. */
  use(config: Config): void {
    this.#revision = revisionOf(config);
  }

  get config(): Config {
    return this.#revision.config;
  }

  /** By their names. */
  get sources(): ReadonlyMap<string, Source> {
    return this.#revision.rules.sources;
  }

  /** By their names. */
  get destinations(): ReadonlyMap<string, Destination> {
    return this.#revision.rules.destinations;
  }

  /** Where the messages of each destination wait. */
  get lanes(): readonly LaneOf[] {
    return this.#revision.lanes;
  }

  /** Where the bridge reports about itself. */
  get operator(): readonly Destination[] {
    return this.#revision.operator;
  }

  /** What events are decided by. */
  get rules(): Rules {
    return this.#revision.rules;
  }

  /** What deliveries are made with. */
  get means(): Means {
    return this.#revision.means;
  }
}

/** The lanes of a config's destinations. */
export function lanesOf({ destinations }: Config): LaneOf[] {
  return destinations.map(({ name, lane, account }) => ({ destination: name, lane, account }));
}

interface Revision {
  readonly config: Config;
  readonly rules: Rules;
  readonly means: Means;
  readonly lanes: readonly LaneOf[];
  readonly operator: readonly Destination[];
}

function revisionOf(config: Config): Revision {
  const { revision, routes, templates } = config;
  const sources = new Map(config.sources.map((one) => [one.name, one]));
  const destinations = new Map(config.destinations.map((one) => [one.name, one]));
  return {
    config,
    rules: { revision, sources, destinations, routes },
    means: { sources, destinations, templates, ...config.delivery },
    lanes: lanesOf(config),
    operator: config.destinations.filter(({ name }) => config.operator.includes(name)),
  };
}
