import { BridgeError } from "../core/error.ts";
import { usageError } from "./failure.ts";

/**
 * What a bridge answers, as JSON. Rejects with a `BridgeError` when none answers at `url`, or what answers is no bridge.
 */
export async function ask(
  url: string,
  path: string,
  request: RequestInit,
): Promise<{ readonly response: Response; readonly body: object }> {
  let response: Response;
  try {
    response = await fetch(url + path, request);
  } catch (error) {
    throw unreachable(url, error);
  }
  try {
    const body: unknown = await response.json();
    if (isAnswer(response, body)) return { response, body };
  } catch (error) {
    throw noBridge(url, error);
  }
  throw noBridge(url);
}

/** Whether a bridge answers like this; what it refuses has a code under `error`. */
function isAnswer(response: Response, body: unknown): body is object {
  if (typeof body !== "object" || body === null) return false;
  return response.ok || ("error" in body && typeof body.error === "string");
}

function unreachable(url: string, cause: unknown): BridgeError {
  return new BridgeError("bridge-unreachable", `No bridge answers at ${url}.`, {
    hint: "Start it with `bellhop serve`, or name another with --url.",
    cause,
  });
}

function noBridge(url: string, cause?: unknown): BridgeError {
  return new BridgeError("not-a-bridge", `What answers at ${url} is not a Bellhop bridge.`, {
    hint: "Name the bridge's own address with --url.",
    cause,
  });
}

/** An address given with `--url`, without slashes at its end. Throws a usage error when it is none. */
export function bridgeAddress(text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw usageError(
      `--url must be an address with http:// or https://, not "${text}".`,
      `For a bridge on this machine: --url http://127.0.0.1:8090`,
    );
  return text.replace(/\/+$/, "");
}
