import { Client } from "pg";
import type { Stores } from "../chaos/stores/stores.ts";
import { traffic } from "../chaos/traffic.ts";
import { createDatabase, dropDatabase } from "../postgres/create-database.ts";
import { openServer } from "./database.ts";
import { spentByServer } from "./spent.ts";

/** How quickly the server itself takes the same bytes. */
export interface Raw {
  readonly connections: number;
  readonly perSecond: number;
  readonly walBytes: number;
  readonly serverCpuMs: number;
}

/** How many rows are committed together; about as many as by intake under load. */
const PORTION = 32;

/** The table's own database. */
const NAME = "bellhop_scale_raw";

/** Inserts the bodies of events into a table that has nothing but them and a number. */
export async function raw(stores: Stores, connections: number, rows: number): Promise<Raw> {
  const events = await traffic({ events: rows, subjects: 500, lanes: 20, seed: 2 });
  const bodies = events.map(({ body }) => body);
  const server = (await stores.server()).url;
  const url = await createDatabase(server, NAME);
  const database = await openServer(url);
  await database.run("create table raw (seq bigserial primary key, body bytea not null)");
  const clients = Array.from({ length: connections }, () => new Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  const before = await spentByServer(database);
  const began = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (let some = bodies.splice(0, PORTION); some.length > 0; some = bodies.splice(0, PORTION))
        await client.query("insert into raw (body) select * from unnest($1::bytea[])", [some]);
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  const after = await spentByServer(database);
  await Promise.all(clients.map((client) => client.end()));
  await database.close();
  await dropDatabase(server, NAME);
  return {
    connections,
    perSecond: rows / seconds,
    walBytes: (after.walBytes - before.walBytes) / rows,
    serverCpuMs: (after.serverCpuMs - before.serverCpuMs) / rows,
  };
}
