import { CHUNKED, chunks, length, type Unframed, written } from "./http-text.ts";

/** The name of a way to break a request. */
export type Broken = keyof typeof BROKEN;

/** Ways to write what is no request of HTTP/1.1, and that a server must not guess the meaning of. */
export const BROKEN = {
  "length and chunked": (request: Unframed) =>
    written(request, [length(request.body.length), CHUNKED], inChunks(request)),
  "chunked and length": (request: Unframed) =>
    written(request, [CHUNKED, length(inChunks(request).length)], inChunks(request)),
  "two lengths": (request: Unframed) => {
    const { body } = request;
    return written(request, [length(body.length), length(body.length + 1)], body);
  },
  "length is a word": (request: Unframed) => withLength(request, "many"),
  "length is negative": (request: Unframed) => withLength(request, "-1"),
  "length with a sign": (request: Unframed) => withLength(request, `+${request.body.length}`),
  "length is huge": (request: Unframed) => withLength(request, "9".repeat(40)),
  "length list": ({ body, ...rest }: Unframed) =>
    withLength({ body, ...rest }, `${body.length}, ${body.length}`),
  "chunked twice": (request: Unframed) => encoded(request, "chunked, chunked"),
  "chunked gzip": (request: Unframed) => encoded(request, "chunked, gzip"),
  identity: (request: Unframed) => encoded(request, "identity"),
  "chunk size is a word": (request: Unframed) => withChunks(request, "zz\r\nabc\r\n0\r\n\r\n"),
  "chunk size is huge": (request: Unframed) =>
    withChunks(request, `${"f".repeat(20)}\r\nabc\r\n0\r\n\r\n`),
  "chunk too short": (request: Unframed) => withChunks(request, "10\r\nabc\r\n0\r\n\r\n"),
  "chunk without end": (request: Unframed) =>
    written(request, [CHUNKED], inChunks(request).subarray(0, -5)),
  "no length": (request: Unframed) => written(request, [], request.body),
  "no host": (request: Unframed) => withHead(request, { hosts: [] }),
  "no colon": (request: Unframed) => withHead(request, { lines: ["this is no header"] }),
  "space before colon": (request: Unframed) => withHead(request, { lines: ["x-space : 1"] }),
  folded: (request: Unframed) => withHead(request, { lines: ["x-folded: 1", "  2"] }),
  "nul in header": (request: Unframed) => withHead(request, { lines: ["x-nul: \0"] }),
  "huge header": (request: Unframed) => withHead(request, { lines: [`x: ${"x".repeat(40_000)}`] }),
  "expects a pony": (request: Unframed) => withHead(request, { lines: ["expect: pony"] }),
  "bare line feeds": (request: Unframed) => withHead(request, { lineEnd: "\n" }),
  "no version": (request: Unframed) => withHead(request, { version: "" }),
  "http 9.9": (request: Unframed) => withHead(request, { version: "HTTP/9.9" }),
  "http 2": () => Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  "http 0.9": ({ method, target }: Unframed) => Buffer.from(`${method} ${target}\r\n`),
  tls: () => Buffer.from("16030100c8010000c40303", "hex"),
  garbage: ({ body }: Unframed) => body,
};

function inChunks({ body }: Unframed): Buffer {
  return chunks(body, [1_000], false);
}

function encoded(request: Unframed, encoding: string): Buffer {
  return written(request, [["transfer-encoding", encoding]], inChunks(request));
}

function withLength(request: Unframed, text: string): Buffer {
  return written(request, [length(text)], request.body);
}

function withChunks(request: Unframed, text: string): Buffer {
  return written(request, [CHUNKED], Buffer.from(text));
}

function withHead(request: Unframed, head: Parameters<typeof written>[3]): Buffer {
  return written(request, [length(request.body.length)], request.body, head);
}
