import type { FastifyRequest } from "fastify";
import type { Admission } from "./admission.ts";

/** A body that was not read, and how the request is to be answered. */
class BodyError extends Error {
  readonly statusCode: 400 | 413 | 503;

  constructor(statusCode: BodyError["statusCode"], message: string) {
    super(message);
    this.name = "BodyError";
    this.statusCode = statusCode;
  }
}

/** What bodies are read by. */
export interface BodyLimits {
  /** The largest body, in bytes. */
  readonly bodyLimit: number;
  readonly admission: Admission;
}

/**
 * Reads a body as it comes; its bytes are held in the admission, and whoever takes the body releases them.
 * Rejects with a `BodyError` when it is too large, cut off, or too much for now; then nothing is held.
 */
export function readBody(request: FastifyRequest["raw"], limits: BodyLimits): Promise<Buffer> {
  const { bodyLimit, admission } = limits;
  const announced = Number(request.headers["content-length"]);
  return new Promise((resolve, reject) => {
    // Pieces are copied into one buffer: each kept by itself would take a hundred bytes more than it is long.
    let room = Buffer.alloc(0);
    let length = 0;

    function onData(chunk: Buffer) {
      const needed = length + chunk.length;
      if (needed > bodyLimit) return fail(TOO_LARGE());
      if (needed > room.length && !grow(needed)) return fail(TOO_MUCH());
      chunk.copy(room, length);
      length = needed;
    }
    function grow(needed: number): boolean {
      const most = Number.isNaN(announced) ? bodyLimit : announced;
      const size = Math.max(needed, Math.min(2 * room.length, most));
      if (!admission.hold(size - room.length, needed === announced)) return false;
      const grown = Buffer.allocUnsafe(size);
      room.copy(grown, 0, 0, length);
      room = grown;
      return true;
    }
    function onEnd() {
      if (!Number.isNaN(announced) && announced !== length) return fail(CUT_OFF());
      stop();
      admission.release(room.length - length);
      resolve(length === room.length ? room : Buffer.from(room.subarray(0, length)));
    }
    function onCutOff() {
      fail(CUT_OFF());
    }
    function fail(error: BodyError) {
      stop();
      admission.release(room.length);
      reject(error);
    }
    function stop() {
      admission.arrived(room.length);
      request.off("data", onData).off("end", onEnd).off("error", onCutOff).off("close", onCutOff);
      // What still comes is thrown away, and must not be an error of nobody.
      request.on("error", () => {}).resume();
    }

    if (announced > bodyLimit) {
      reject(TOO_LARGE());
      return;
    }
    request.on("data", onData).on("end", onEnd).on("error", onCutOff).on("close", onCutOff);
  });
}

const TOO_LARGE = () => new BodyError(413, "The body is larger than the limit.");
const TOO_MUCH = () => new BodyError(503, "More bodies are being read than may be held.");
const CUT_OFF = () => new BodyError(400, "The body was cut off.");
