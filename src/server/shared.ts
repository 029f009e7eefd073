/** What a result is kept by. */
interface Keeping {
  /** What takes less is not kept, in milliseconds; 5 unless given. */
  readonly cheapMs?: number;
  /** Tells milliseconds. */
  readonly clock?: () => number;
}

/** The largest share of the time that is spent on anything dearer, whoever asks and however often; ours. */
const LARGEST_SHARE = 0.02;

/** The longest that a result is kept, in milliseconds; ours. */
const LONGEST_MS = 10_000;

/**
 * Does something for all who ask meanwhile at once, and keeps the result of what is dear for fifty times as long as it
 * took. What failed is not kept.
 */
export function shared<T>(
  work: () => Promise<T>,
  { cheapMs = 5, clock = () => performance.now() }: Keeping = {},
): () => Promise<T> {
  let result: Promise<T> | undefined;
  let keptUntil = 0;
  return () => {
    if (result !== undefined && clock() < keptUntil) return result;
    const began = clock();
    keptUntil = Infinity;
    result = work().then(
      (value) => {
        const tookMs = clock() - began;
        keptUntil = tookMs < cheapMs ? 0 : began + Math.min(tookMs / LARGEST_SHARE, LONGEST_MS);
        return value;
      },
      (error: unknown) => {
        keptUntil = 0;
        throw error;
      },
    );
    return result;
  };
}
