import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { BridgeError } from "../core/error.ts";
import { ask, bridgeAddress } from "./bridge-answer.ts";
import { usageError } from "./failure.ts";
import { type ConfigOption, readConfig, withConfig } from "./options.ts";

/** What every command that speaks to a running bridge takes. */
export interface ClientOptions extends ConfigOption {
  readonly url?: string;
  readonly token?: string;
}

/** Adds `--config`, `--url` and `--token`. */
export function withBridge(command: Command): Command {
  return withConfig(command)
    .option("--url <url>", "where the bridge runs (default: from the config)")
    .addOption(
      new Option("--token <token>", "the admin token (default: from the config)").env(
        "BELLHOP_ADMIN_TOKEN",
      ),
    );
}

/** Speaks to a running bridge's API. */
export class Client {
  readonly #url: string;
  readonly #token: string | undefined;

  constructor(url: string, token: string | undefined) {
    this.#url = url;
    this.#token = token;
  }

  /** The answer to a GET. Rejects with a `BridgeError` when the bridge is away or says no. */
  async get<T>(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<T> {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) given.set(name, value);
    const search = given.toString();
    return this.#ask<T>(`${path}${search === "" ? "" : `?${search}`}`, { method: "GET" });
  }

  /** The answer to a POST of JSON. Rejects as `get` does. */
  async post<T>(path: string, body: object): Promise<T> {
    const headers = { "content-type": "application/json" };
    return this.#ask<T>(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  async #ask<T>(path: string, request: Asking): Promise<T> {
    const token = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    const headers = { ...request.headers, ...token };
    const asked = { ...request, headers };
    const { response, body } = await ask(this.#url, path, asked);
    if (response.ok) return body as T;
    const refused = body as { readonly error?: string; readonly message?: string };
    const { message = `The bridge answered ${response.status}.` } = refused;
    if (response.status === 400) throw usageError(`The bridge cannot do that: ${message}`);
    const isAbsent = refused.error === "not-found";
    throw new BridgeError(isAbsent ? "not-found" : "bridge-refused", message);
  }
}

interface Asking {
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The client for the bridge that the options name; of the config only `server` is read, and for what they leave open. */
export async function clientFor(options: ClientOptions): Promise<Client> {
  const given = options.url === undefined ? undefined : bridgeAddress(options.url);
  const { readServer } = await import("../config/read-server.ts");
  const found = await readServer(resolve(options.config), process.env);
  const token = options.token ?? found?.adminToken?.reveal();
  if (given !== undefined) return new Client(given, token);
  const server = found ?? (await readConfig(options)).server;
  return new Client(bridgeUrl(server), options.token ?? server.adminToken?.reveal());
}

/** Where a bridge with this config is reached from the same machine. */
export function bridgeUrl(server: { readonly host: string; readonly port: number }): string {
  const host = server.host === "0.0.0.0" || server.host === "::" ? "127.0.0.1" : server.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${server.port}`;
}
