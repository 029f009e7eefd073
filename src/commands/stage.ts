import type { Config } from "../config/config.ts";
import type { Stage } from "../pipeline/rehearse.ts";

/** A config as rehearsals work with it. */
export function stageOf({ revision, sources, destinations, routes, templates }: Config): Stage {
  return {
    revision,
    sources: new Map(sources.map((one) => [one.name, one])),
    destinations: new Map(destinations.map((one) => [one.name, one])),
    routes,
    templates,
  };
}
