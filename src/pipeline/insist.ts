import { pause } from "./pause.ts";

/** The pause between two tries to write something down, in milliseconds; ours. */
const AGAIN_MS = 1_000;

/** Tries a write until the store takes it; rejects with what is wrong only once `signal` says to stop. */
export async function insist(
  write: () => Promise<void>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      onError(error);
      if (signal.aborted) throw error;
      await pause(AGAIN_MS);
    }
  }
}
