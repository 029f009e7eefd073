import { dirname, resolve } from "node:path";
import type { Destination, DestinationType } from "../destinations/destination.ts";
import { DESTINATION_TYPES } from "../destinations/index.ts";
import { SOURCE_TYPES } from "../sources/index.ts";
import type { Source, SourceType } from "../sources/source.ts";
import type { Config, ServerConfig } from "./config.ts";
import { valueAt } from "./yaml/path.ts";
import { outlineRoutes, type ReferenceAt } from "./routes/route-outline.ts";
import { createRoutes } from "./routes/route-tree.ts";
import type { ConfigFile, Server } from "./schema/schema.ts";
import { storeSettings } from "./store/settings.ts";

/** What a config is made ready from, once nothing is wrong with it. */
export interface Build {
  /** The path of the file, relative or not. */
  readonly file: string;
  readonly settings: ConfigFile;
  /** The same before the schema read it, which names the types. */
  readonly written: unknown;
  readonly referenceAt: ReferenceAt;
}

/** A config but for what is known of it beyond its own text. */
export type Built = Omit<Config, "revision" | "fingerprint" | "templates" | "warnings">;

/** The config with its sources, destinations and routes ready for work. */
export function buildConfig(build: Build): Built {
  const { settings } = build;
  const file = resolve(build.file);
  return {
    file,
    server: serverConfig(settings.server),
    store: storeSettings(settings.store, dirname(file)),
    sources: Object.entries(settings.sources).map(([name, own]) =>
      createSource(typeIn(build, "sources", name), name, own),
    ),
    destinations: Object.entries(settings.destinations).map(([name, own]) =>
      createDestination(typeIn(build, "destinations", name), name, own),
    ),
    routes: createRoutes(settings.routes, build.referenceAt),
    outline: outlineRoutes(settings.routes, build.referenceAt),
    operator: settings.operator?.send ?? [],
    delivery: {
      giveUpAfterMs: settings.delivery.give_up_after,
      timeoutMs: settings.delivery.timeout,
    },
    retention: {
      payloadsMs: settings.retention.payloads,
      deliveriesMs: settings.retention.deliveries,
    },
  };
}

/** How the bridge listens, from the settings that say so. */
export function serverConfig(settings: Server): ServerConfig {
  return {
    host: settings.host,
    port: settings.port,
    adminToken: settings.admin_token,
    bodyLimit: settings.body_limit,
    shutdownGraceMs: settings.shutdown_grace,
  };
}

/** The type that settings were read by: the schema has checked it, and not every type keeps it. */
function typeIn({ written }: Build, section: "sources" | "destinations", name: string): string {
  return String(valueAt(written, [section, name, "type"]));
}

function createSource(type: string, name: string, settings: unknown): Source {
  const types: readonly SourceType[] = Object.values(SOURCE_TYPES);
  return pick(types, type).create(name, settings);
}

function createDestination(type: string, name: string, settings: unknown): Destination {
  const types: readonly DestinationType[] = Object.values(DESTINATION_TYPES);
  return pick(types, type).create(name, settings);
}

function pick<T extends { readonly type: string }>(types: readonly T[], wanted: string): T {
  const found = types.find(({ type }) => type === wanted);
  if (found === undefined) throw new TypeError(`The schema let an unknown type pass: ${wanted}.`);
  return found;
}
