/** A clock that shows `now` when it is made, and runs on by itself; in milliseconds since the epoch. */
export function clockFrom(now: number): () => number {
  const since = performance.now();
  return () => now + performance.now() - since;
}
