/**
 * How long the store may work before the event loop has a turn, in milliseconds; ours: a turn accepts one new connection,
 * and a vendor may open one for each webhook. https://github.com/libuv/libuv/pull/3696
 */
const MOST_MS = 1;

let lastAt = 0;

/** Lets the event loop have a turn, unless it has just had one. */
export async function breathe(): Promise<void> {
  if (performance.now() - lastAt < MOST_MS) return;
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  lastAt = performance.now();
}
