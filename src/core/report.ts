/** Something the bridge wants a person to know; whole sentences, without customer data. */
export interface Report {
  /** What went wrong and where, such as `parked:slack:1f3a9c02`; reports of one cause are folded. */
  readonly cause: string;
  readonly text: string;
  /**
   * Milliseconds after which a state that lasts is told again; a report without it is something that happened, and is
   * counted.
   */
  readonly remindAfterMs?: number;
}
