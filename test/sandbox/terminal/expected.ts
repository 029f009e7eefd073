import { readFileSync } from "node:fs";
import type { JsonObject } from "../../../src/core/json.ts";
import type { SandboxMessage } from "../../../src/sandbox/message.ts";

/** What the terminal should show, from `test/fixtures/terminal`. */
export function expected(name: string): string {
  const url = new URL(`../../fixtures/terminal/${name}.txt`, import.meta.url);
  return readFileSync(url, "utf8").trimEnd();
}

/** The body of a message, from `test/fixtures/examples`. */
export function example(name: string): JsonObject {
  const url = new URL(`../../fixtures/examples/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as JsonObject;
}

/** A message that arrived half a minute past 10:15 UTC on 22 November 2026. */
export function message(
  platform: SandboxMessage["platform"],
  body: JsonObject,
  more: Partial<SandboxMessage> = {},
): SandboxMessage {
  const receivedAt = Date.parse("2026-11-22T10:15:30Z");
  return { platform, kind: "bot", channel: "sales", id: "1", body, receivedAt, ...more };
}
