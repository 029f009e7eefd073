import type { Header } from "./recipe.ts";
import { chunks, length, type Unframed, written } from "./http-text.ts";

/** The name of a way to write a request. */
export type Seldom = keyof typeof SELDOM;

/** Ways to write a request that are seldom seen, and that a server should understand. */
export const SELDOM = {
  "http 1.0": (request: Unframed) => usual(request, [], { version: "HTTP/1.0" }),
  "empty lines first": (request: Unframed) =>
    Buffer.concat([Buffer.from("\r\n\r\n"), usual(request)]),
  CHUNKED: (request: Unframed) =>
    written(request, [["Transfer-Encoding", "CHUNKED"]], chunks(request.body, [100], false)),
  "expects 100": (request: Unframed) => usual(request, [["expect", "100-continue"]]),
  "wants an upgrade": (request: Unframed) =>
    usual(request, [
      ["connection", "upgrade"],
      ["upgrade", "h2c"],
    ]),
  closes: (request: Unframed) => usual(request, [["connection", "close"]]),
  "many headers": (request: Unframed) =>
    usual(
      request,
      Array.from({ length: 200 }, (): Header => ["a", "b"]),
    ),
  "long header": (request: Unframed) => usual(request, [["x-long", "x".repeat(9_000)]]),
  // A server may refuse these two, or overlook what is there twice.
  "length twice": (request: Unframed) => usual(request, [length(request.body.length)]),
  "two hosts": (request: Unframed) => usual(request, [], { hosts: ["localhost", "elsewhere"] }),
};

function usual(
  request: Unframed,
  more: readonly Header[] = [],
  head: Parameters<typeof written>[3] = {},
): Buffer {
  return written(request, [length(request.body.length), ...more], request.body, head);
}
