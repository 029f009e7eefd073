/** When something holds, in milliseconds from a beginning: after a while, for a while, and that again and again. */
export interface Schedule {
  /** 0 unless given. */
  readonly afterMs?: number;
  /** Without an end unless given. */
  readonly forMs?: number;
  /** From one start to the next, longer than `forMs`; it happens once unless given. */
  readonly everyMs?: number;
}

/** Which span of a schedule a moment is in, from 0; `undefined` when it is in none. */
export function spanAt(schedule: Schedule, elapsedMs: number): number | undefined {
  const { afterMs = 0, forMs = Infinity, everyMs = Infinity } = schedule;
  const since = elapsedMs - afterMs;
  if (since < 0) return undefined;
  const span = Math.floor(since / everyMs);
  return since - (span === 0 ? 0 : span * everyMs) < forMs ? span : undefined;
}

/** When a schedule next begins or ends after a moment; `undefined` when it never does. */
export function nextTurn(schedule: Schedule, elapsedMs: number): number | undefined {
  const { afterMs = 0, forMs = Infinity, everyMs = Infinity } = schedule;
  if (elapsedMs < afterMs) return afterMs;
  const span = Math.floor((elapsedMs - afterMs) / everyMs);
  const start = afterMs + (span === 0 ? 0 : span * everyMs);
  const turns = [start + forMs, start + everyMs].filter((turn) => turn > elapsedMs);
  const next = Math.min(...turns);
  return Number.isFinite(next) ? next : undefined;
}
