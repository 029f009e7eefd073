import { describe } from "vitest";
import { inShort } from "./in-short.ts";

/** What kills bridges and the database takes the lease of 15 seconds each time; `npm run chaos` runs all scenarios there. */
describe("bridges under faults, in short, on PostgreSQL", () => {
  inShort("postgres", ({ name }) => name === "bridges");
});
