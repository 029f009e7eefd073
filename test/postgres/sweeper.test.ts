import { expect, it, onTestFinished } from "vitest";
import { createDatabase } from "./create-database.ts";
import { freshDatabase } from "./database.ts";
import { query } from "./query.ts";
import { dismiss, successor } from "./successor.ts";
import type { Sweep } from "./sweeper.ts";

it("a sweeper drops the databases of its prefix, and no others, once it is dismissed", async () => {
  const { url: server, drop } = await freshDatabase();
  onTestFinished(drop);
  const prefix = `${new URL(server).pathname.slice(1)}_`;
  const mine = await createDatabase(server, `${prefix}mine`);
  const sweeper = successor("sweeper.ts");
  sweeper.send({ server, prefix } satisfies Sweep);

  await dismiss(sweeper);

  await expect(query(mine, "select 1")).rejects.toMatchObject({ code: "3D000" });
  expect(await query(server, "select 1 as one")).toEqual([{ one: 1 }]);
});
