import type { RouteOutline } from "../core/route-outline.ts";
import type { RouteNode } from "../core/route.ts";
import type { Problem } from "../core/problem.ts";
import type { Secret } from "../core/secret.ts";
import type { Destination } from "../destinations/destination.ts";
import type { Templates } from "../render/rendered.ts";
import type { Source } from "../sources/source.ts";
import type { StoreSettings } from "../store/settings.ts";

/** A config that was read, checked and made ready. */
export interface Config {
  /** The file's absolute path; paths inside it are relative to its folder. */
  readonly file: string;
  /** Changes whenever the config or a template does; the first 12 hex digits of a SHA-256. */
  readonly revision: string;
  /** Changes also whenever a value from the environment or a file does; secret, since what is short could be guessed. */
  readonly fingerprint: string;
  readonly server: ServerConfig;
  /** Where events and deliveries are kept. */
  readonly store: StoreSettings;
  /** In the order of the file. */
  readonly sources: readonly Source[];
  readonly destinations: readonly Destination[];
  readonly routes: readonly RouteNode[];
  /** The same routes as people wrote them. */
  readonly outline: readonly RouteOutline[];
  /** Where the bridge reports about itself; names of destinations, empty when it only logs. */
  readonly operator: readonly string[];
  readonly delivery: DeliveryConfig;
  readonly retention: RetentionConfig;
  readonly templates: Templates;
  /** Doubtful places that do not keep the bridge from starting. */
  readonly warnings: readonly Problem[];
}

/** How the bridge listens. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Without one, the API answers on loopback only. */
  readonly adminToken: Secret | null;
  /** The largest webhook taken, in bytes. */
  readonly bodyLimit: number;
  /** How long what is under way may take to end when the bridge stops, in milliseconds. */
  readonly shutdownGraceMs: number;
}

/** How deliveries are made. */
export interface DeliveryConfig {
  /** After this many milliseconds a delivery becomes a dead letter. */
  readonly giveUpAfterMs: number;
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** How long things are kept. */
export interface RetentionConfig {
  /** After this many milliseconds the payload of an event is emptied. */
  readonly payloadsMs: number;
  /** After this many milliseconds an event is deleted, with its deliveries. */
  readonly deliveriesMs: number;
}
