import { dropDatabases } from "./create-database.ts";

/** What a sweeper is told: whose databases to drop in the end, by what their names begin with. */
export interface Sweep {
  readonly server: string;
  readonly prefix: string;
}

process.once("message", ({ server, prefix }: Sweep) => {
  process.once("disconnect", () => void dropDatabases(server, prefix));
});
