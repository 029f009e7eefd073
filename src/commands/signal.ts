/** How long a signal counts as one with the one before, in milliseconds; ours: npm passes on what the terminal sent already. */
const ONE_MS = 250;

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once, with exit code 1. */
export function untilSignal(): Promise<void> {
  let firstAt: number | undefined;
  return new Promise((resolve) => {
    const onSignal = () => {
      if (firstAt !== undefined && performance.now() - firstAt > ONE_MS) process.exit(1);
      firstAt ??= performance.now();
      resolve();
    };
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, onSignal);
  });
}
