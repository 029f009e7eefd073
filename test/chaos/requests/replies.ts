/** An answer as it came over the wire. */
export interface Reply {
  /** 0 for what is no answer of HTTP, or none with a length. */
  readonly status: number;
  readonly body: string;
}

/** Reads HTTP answers out of the bytes of a connection, in order. */
export class Replies {
  readonly all: Reply[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  readonly #hasBodies: boolean;

  /** Answers to HEAD have no bodies, whatever they say. */
  constructor(hasBodies = true) {
    this.#hasBodies = hasBodies;
  }

  add(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    while (this.#readOne());
  }

  #readOne(): boolean {
    const end = this.#bytes.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const head = this.#bytes.subarray(0, end).toString("latin1");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
    if (Number.isNaN(status)) return this.#give(0, head);
    const rest = this.#bytes.subarray(end + 4);
    const length = this.#hasBodies ? lengthOf(head, rest) : 0;
    if (rest.length < length) return false;
    const body = rest.subarray(0, length).toString();
    this.#bytes = rest.subarray(length);
    // 100 Continue announces the answer.
    if (status >= 200) this.all.push({ status, body });
    return true;
  }

  /** What comes after cannot be told apart any more. */
  #give(status: number, body: string): boolean {
    this.all.push({ status, body });
    this.#bytes = Buffer.alloc(0);
    return false;
  }
}

/** In bytes; `Infinity` until all is there. Node's own refusals are sent in chunks, of which there are none. */
function lengthOf(head: string, rest: Buffer): number {
  if (!/^transfer-encoding: chunked$/im.test(head))
    return Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const end = rest.indexOf("0\r\n\r\n");
  return end < 0 ? Infinity : end + 5;
}
