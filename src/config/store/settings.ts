import { resolve } from "node:path";
import { Secret } from "../../core/secret.ts";
import type { StoreSettings } from "../../store/settings.ts";
import { modeOf, SYSTEM_ROOTS, TLS_FILES } from "./postgres-tls.ts";
import {
  isPostgresUrl,
  parameterOf,
  parsePostgresUrl,
  type PostgresUrl,
  socketOf,
} from "./postgres-url.ts";
import type { StoreConfig } from "../schema/store-config.ts";

/** Which store is opened by a setting that is right, its paths made absolute from the folder of the config. */
export function storeSettings(setting: StoreConfig, folder: string): StoreSettings {
  const { url: text } = setting;
  if (!isPostgresUrl(text))
    return { kind: "sqlite", path: resolve(folder, text.slice("sqlite:".length)) };
  const url = parsePostgresUrl(text);
  if (typeof url === "string") throw new TypeError("The check let a URL pass that is none.");
  return {
    kind: "postgres",
    url: new Secret(plainUrl(url, folder)),
    connections: setting.connections,
    listen: setting.listen,
    statementTimeoutMs: setting.statement_timeout,
    connectTimeoutMs: setting.connect_timeout,
  };
}

/**
 * The URL that `pg` reads as people mean it: encoded throughout, since it repairs what is not by rules of its own, and
 * with the mode of TLS by the one name that means the same in every version, and is used without a warning.
 * https://github.com/brianc/node-postgres/tree/master/packages/pg-connection-string
 */
function plainUrl(url: PostgresUrl, folder: string): string {
  const { user = parameterOf(url, "user"), password, port = parameterOf(url, "port") } = url;
  const secret = password === undefined ? "" : `:${encodeURIComponent(password)}`;
  const credentials = `${encodeURIComponent(user ?? "")}${secret}`;
  const host = socketOf(url) === undefined ? url.host : "localhost";
  const address = host.includes(":") ? `[${host}]` : host;
  const query = parametersOf(url, folder).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return [
    "postgres://",
    credentials === "" ? "" : `${credentials}@`,
    address,
    port === undefined ? "" : `:${port}`,
    // Not encodeURIComponent: `pg` leaves what that encodes besides as it is.
    `/${encodeURI(url.database)}`,
    query.length === 0 ? "" : `?${query.join("&")}`,
  ].join("");
}

function parametersOf(url: PostgresUrl, folder: string): [name: string, value: string][] {
  const mode = modeOf(url);
  const all: readonly [string, string | undefined][] = [
    ["host", socketOf(url)],
    ["application_name", parameterOf(url, "application_name")],
    ["options", parameterOf(url, "options")],
    ["sslnegotiation", parameterOf(url, "sslnegotiation")],
    ["sslmode", mode],
    ["uselibpqcompat", mode === "require" || mode === "verify-ca" ? "true" : undefined],
    ...TLS_FILES.map((name): [string, string | undefined] => [name, fileOf(url, name, folder)]),
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function fileOf(url: PostgresUrl, name: string, folder: string): string | undefined {
  const file = parameterOf(url, name);
  return file === undefined || file === SYSTEM_ROOTS ? undefined : resolve(folder, file);
}
