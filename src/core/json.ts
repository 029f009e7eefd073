/** What JSON can hold that is neither a list nor an object. */
export type Scalar = string | number | boolean | null;

/** Any value that JSON can hold. */
export type Json = Scalar | readonly Json[] | JsonObject;

/** A JSON object: text keys to JSON values. */
export interface JsonObject {
  readonly [key: string]: Json;
}
