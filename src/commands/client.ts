import { type Command, Option } from "commander";
import { BridgeError } from "../core/error.ts";
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
    this.#url = url.replace(/\/$/, "");
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
    const response = await this.#fetch(path, request);
    const answer = (await response.json()) as { message?: string };
    if (response.ok) return answer as T;
    throw new BridgeError(
      "bridge-refused",
      answer.message ?? `The bridge answered ${response.status}.`,
    );
  }

  async #fetch(path: string, request: Asking): Promise<Response> {
    const token = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    try {
      return await fetch(this.#url + path, {
        ...request,
        headers: { ...request.headers, ...token },
      });
    } catch (error) {
      throw unreachable(this.#url, error);
    }
  }
}

interface Asking {
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The error for a bridge that does not answer. */
export function unreachable(url: string, cause: unknown): BridgeError {
  return new BridgeError("bridge-unreachable", `No bridge answers at ${url}.`, {
    hint: "Start it with `bellhop serve`, or name another with --url.",
    cause,
  });
}

/** The client for the bridge that the options name; the config is only read for what they leave open. */
export async function clientFor(options: ClientOptions): Promise<Client> {
  if (options.url !== undefined) return new Client(options.url, options.token);
  const { server } = await readConfig(options);
  return new Client(bridgeUrl(server), options.token ?? server.adminToken?.reveal());
}

/** Where a bridge with this config is reached from the same machine. */
export function bridgeUrl(server: { readonly host: string; readonly port: number }): string {
  const host = server.host === "0.0.0.0" || server.host === "::" ? "127.0.0.1" : server.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${server.port}`;
}
