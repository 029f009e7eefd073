/**
 * Turns at what all bridges on a database share a limit of, such as one token's calls of one method; they outlive a bridge.
 * Times are milliseconds since the epoch.
 */
export interface Turns {
  /** Takes the next turn: not before `now`, a pace after the one before it, and not while they are closed; tells when. */
  takeTurn(request: TurnRequest): Promise<number>;
  /** Has no turn begin before then, because the platform asked for that. */
  closeTurns(of: string, until: number): Promise<void>;
  /** Until when none begins; 0 when they were never closed. */
  turnsClosedUntil(of: string): Promise<number>;
}

/** What a turn is asked for with. */
export interface TurnRequest {
  /** What it is a turn at, without secrets. */
  readonly of: string;
  readonly now: number;
  /** The least time between two turns, in milliseconds. */
  readonly paceMs: number;
}
