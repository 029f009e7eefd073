import type { Ran } from "./connection.ts";

/** What the thread of a database begins with. */
export interface Begun {
  readonly path: string;
}

/** What it is asked. */
export type Asked =
  | { readonly kind: "run"; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly kind: "close" };

/** What came of it; `code` is SQLite's own. */
export type Came =
  | { readonly done: Ran }
  | { readonly failed: { readonly message: string; readonly code: string | null } };

/** What it answers to each in turn; its first answer is that the database is open. */
export type Answered = Came & { readonly isInTransaction: boolean };
