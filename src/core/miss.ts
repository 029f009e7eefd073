/** What a path had to be. */
export interface Expectation {
  readonly path: string;
  readonly expected: string;
}

/** The first condition that failed: what the path had to be, and what it was. */
export interface Miss extends Expectation {
  readonly actual: string;
}
