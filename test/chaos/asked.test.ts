import { expect, it } from "vitest";
import { askedFor } from "./asked.ts";
import { SCENARIOS } from "./scenarios/index.ts";

it("runs everything on SQLite unless told otherwise, and what needs several bridges on PostgreSQL", () => {
  const asked = askedFor([]);

  const on = Object.fromEntries(
    asked?.runs.map(({ scenario, store }) => [scenario.name, store]) ?? [],
  );
  expect(Object.keys(on)).toEqual(SCENARIOS.map(({ name }) => name));
  expect(on).toMatchObject({ kill: "sqlite", statements: "sqlite", bridges: "postgres" });
});

it("runs what can run on both on both", () => {
  expect(runs("kill", "bridges", "--store", "both")).toEqual([
    "kill on sqlite",
    "kill on postgres",
    "bridges on postgres",
  ]);
});

it("makes no sense of a scenario that it does not know, or that cannot run where it is asked for", () => {
  expect(askedFor(["kil"])).toBeUndefined();
  expect(askedFor(["kill", "--store", "mysql"])).toBeUndefined();
  expect(askedFor(["bridges", "--store", "sqlite"])).toBeUndefined();
  expect(askedFor(["kill", "--seed", "soon"])).toBeUndefined();
});

function runs(...args: readonly string[]): string[] | undefined {
  return askedFor(args)?.runs.map(({ scenario, store }) => `${scenario.name} on ${store}`);
}
