import { setTimeout as sleep } from "node:timers/promises";
import type { OwnServer } from "../../postgres/server.ts";
import type { Accounts } from "./accounts.ts";

/** A time during which there was no database; in milliseconds since the epoch. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

/** How long the server is down, in milliseconds; ours. */
const DOWN_MS = 2_000;

/** Has the server away for a while, stopped in good order or killed; its accounts are kept over it. */
export async function outage(
  server: OwnServer,
  how: "stop" | "kill",
  accounts: Accounts,
): Promise<Outage> {
  await accounts.close();
  const from = Date.now();
  await (how === "stop" ? server.stop() : server.kill());
  await sleep(DOWN_MS);
  await server.restart();
  const until = Date.now();
  await accounts.open();
  return { from, until };
}
