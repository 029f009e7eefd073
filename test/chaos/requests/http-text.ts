import type { Header } from "./recipe.ts";

/** A request before it is known how its length is told. */
export interface Unframed {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

/** What may be different in the head of a request. */
interface Head {
  readonly version: string;
  readonly hosts: readonly string[];
  readonly lineEnd: string;
  /** Whole lines before all others. */
  readonly lines: readonly string[];
}

const USUAL: Head = { version: "HTTP/1.1", hosts: ["localhost"], lineEnd: "\r\n", lines: [] };

/** The header that has the body come in chunks. */
export const CHUNKED: Header = ["transfer-encoding", "chunked"];

/** The header that tells the body's length. */
export function length(bytes: number | string): Header {
  return ["content-length", String(bytes)];
}

/** A request with these headers and bytes behind its head, as it goes over the wire. */
export function written(
  { method, target, headers }: Unframed,
  more: readonly Header[],
  bytes: Buffer,
  head: Partial<Head> = {},
): Buffer {
  const { version, hosts, lineEnd, lines } = { ...USUAL, ...head };
  const all = [...hosts.map((host): Header => ["host", host]), ...headers, ...more];
  const text = [
    `${method} ${target} ${version}`,
    ...lines,
    ...all.map(([name, value]) => `${name}: ${value}`),
  ].join(lineEnd);
  // Latin-1, since that is what headers are in.
  return Buffer.concat([Buffer.from(text + lineEnd + lineEnd, "latin1"), bytes]);
}

/** A body in chunks of these sizes, again and again, of which there are not many in a large one. */
export function chunks(body: Buffer, sizes: readonly number[], hasExtras: boolean): Buffer {
  const parts: Buffer[] = [];
  const least = body.length >> 6;
  for (let from = 0, index = 0; from < body.length; index += 1) {
    const part = body.subarray(from, from + Math.max(sizes[index % sizes.length] ?? 1, least));
    const extra = hasExtras ? ';name="a b"' : "";
    parts.push(Buffer.from(`${part.length.toString(16)}${extra}\r\n`), part, Buffer.from("\r\n"));
    from += part.length;
  }
  const trailer = hasExtras ? "x-trailer: 1\r\n" : "";
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
}
