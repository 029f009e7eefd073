import { describe } from "vitest";
import { inShort } from "./in-short.ts";

describe("the bridge under faults, in short, on SQLite", () => {
  inShort("sqlite", () => true);
});
