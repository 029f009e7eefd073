/** No answer came from the database for so long that its connection was cut. */
export class SilenceError extends Error {
  constructor(ms: number, cause: unknown) {
    super(`no answer came within ${ms / 1_000} s`, { cause });
    this.name = new.target.name;
  }
}
