import { expect, test } from "vitest";
import { PARAMETERS } from "../../src/config/store/postgres-parameters.ts";
import { MODES } from "../../src/config/store/postgres-tls.ts";
import { namesIn, rowsOf } from "./document.ts";

test("the parameters of a database's URL are listed all, and no other", () => {
  const rows = rowsOf("docs/configuration.md", "PostgreSQL", "parameter");

  expect(namesIn(rows).toSorted()).toEqual([...PARAMETERS].toSorted());
});

test("the modes of encryption are listed all, from the weakest on", () => {
  const rows = rowsOf("docs/configuration.md", "PostgreSQL", "`sslmode`");

  expect(namesIn(rows)).toEqual([...MODES]);
});
