import { type CustomTypesConfig, types } from "pg";

/** PostgreSQL's 64-bit integers as numbers: times, counts and rows' numbers stay below 2 to the power of 53. */
export const numbers: CustomTypesConfig = {
  getTypeParser: ((type: number, format?: "text" | "binary") =>
    type === (types.builtins.INT8 as number) && format !== "binary"
      ? Number
      : types.getTypeParser(type, format)) as typeof types.getTypeParser,
};
