/** Something wrong, or doubtful, in a file that a person wrote, at its place. */
export interface Problem {
  /** An error keeps the bridge from starting; a warning does not. */
  readonly severity: "error" | "warning";
  /** The file's path as the reader knows it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** How many code units the frame underlines; at least 1. */
  readonly length: number;
  /** The path inside the file, such as `routes[0].send`; empty where there is none. */
  readonly path: string;
  /** What is wrong, why, and the likely fix, in sentences. */
  readonly message: string;
  /** The whole line that it stands in, secrets hidden; absent where nobody has read it yet. */
  readonly excerpt?: string;
}
