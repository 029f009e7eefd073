import { nextTurn } from "../pipeline/pause.ts";

/** Does something, but waits for it no longer than so many milliseconds; rejects then with `why`. What is done goes on. */
export function patient<T>(work: () => Promise<T>, ms: number, why: string): () => Promise<T> {
  return () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      // Where it was this process that was busy, the result may have come in meanwhile.
      void nextTurn().then(() => reject(new Error(why)));
    }, ms);
    return Promise.race([work(), promise]).finally(() => clearTimeout(timer));
  };
}
