import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Made } from "./made.ts";
import { Replies, type Reply } from "./replies.ts";

/** How long an answer that is owed may take, in milliseconds; ours: what takes longer is counted as unanswered. */
const PATIENCE_MS = 20_000;

/** How long a request that need not be answered is given, in milliseconds; ours. */
const SHORT_PATIENCE_MS = 60;

/** How long further answers are waited for, in milliseconds; ours. */
const AFTER_MS = 20;

/** How often a request is sent again because its connection was closed for what went before. */
const TRIES = 4;

/** Sends sound requests one behind the other without waiting, and gives back their answers in order. */
export async function sendPipelined(
  port: number,
  made: readonly Made[],
): Promise<(Reply | undefined)[]> {
  const answers: (Reply | undefined)[] = [];
  for (let tries = 0; answers.length < made.length && tries < made.length + TRIES; tries += 1) {
    const left = made.slice(answers.length);
    const { replies } = await converse(port, async (socket, enough) => {
      socket.write(Buffer.concat(left.map(({ wire }) => wire)));
      await enough(left.length, PATIENCE_MS);
    });
    if (replies.length === 0 && tries >= TRIES) answers.push(undefined);
    answers.push(...replies.slice(0, left.length));
  }
  return answers;
}

/** Sends a request on a connection of its own; gives back what came: one answer, none, or one too many. */
export async function sendAlone(port: number, made: Made): Promise<Reply[]> {
  const { manner, line } = made.recipe;
  const { replies } = await converse(
    port,
    async (socket, enough) => {
      if (manner.kind === "abandoned") {
        socket.write(made.wire.subarray(0, Math.ceil(manner.part * made.wire.length)));
        await enough(1, 2);
        if (manner.how === "reset") socket.resetAndDestroy();
        return;
      }
      const [pieces, pauseMs] = manner.kind === "pieces" ? [manner.pieces, manner.pauseMs] : [1, 0];
      const size = Math.ceil(made.wire.length / pieces);
      for (let from = 0; from < made.wire.length && !socket.destroyed; from += size) {
        if (from > 0) await pause(pauseMs);
        socket.write(made.wire.subarray(from, from + size));
      }
      await enough(1, made.isAnswered ? PATIENCE_MS : SHORT_PATIENCE_MS);
    },
    line.method !== "HEAD",
  );
  return replies;
}

/** Opens a connection, says something, and reads until the other side has closed it too. */
async function converse(
  port: number,
  say: (socket: Socket, enough: (count: number, ms: number) => Promise<void>) => Promise<void>,
  hasBodies = true,
): Promise<{ readonly replies: Reply[] }> {
  const replies = new Replies(hasBodies);
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  // A broken request is reset, also while the rest of it is being sent.
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => {
    socket.on("close", resolve);
  });
  socket.on("data", (bytes) => replies.add(bytes));
  await say(socket, async (count, ms) => {
    const timer = new AbortController();
    const some = new Promise<void>((resolve) => {
      socket.on("data", () => {
        if (replies.all.length >= count) resolve();
      });
    });
    await Promise.race([some, closed, pause(ms, timer.signal)]);
    timer.abort();
  });
  socket.end();
  // What was answered may be kept open for the next request; but no further answer may come.
  const stuck = setTimeout(() => socket.destroy(), replies.all.length > 0 ? AFTER_MS : PATIENCE_MS);
  await closed;
  clearTimeout(stuck);
  return { replies: replies.all };
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => clearTimeout(timer));
  });
}
