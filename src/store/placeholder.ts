/** Stands in a statement that is kept for a value that it gets each time that it is used. */
export class Placeholder {
  readonly name: string;
  /** Whether the value is written as JSON. */
  readonly isJson: boolean;

  constructor(name: string, isJson = false) {
    this.name = name;
    this.isJson = isJson;
  }

  /** Its value is not known yet. Throws a `TypeError` wherever it would be computed with. */
  [Symbol.toPrimitive](): never {
    throw new TypeError(
      `A statement that is kept cannot compute with ${this.name}: give it the result.`,
    );
  }
}
