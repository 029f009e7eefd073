import { createHmac } from "node:crypto";
import { join } from "node:path";
import Database from "better-sqlite3";
import { sourceOf } from "../../test/end-to-end/house.ts";
import { type Figure, perSecond } from "../figure.ts";
import { openBench } from "../house.ts";
import { type SignedWebhook, webhooks } from "../load/webhooks.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** What intake cannot be faster than on one processor and this disk: each of its parts, by itself and in a loop. */
export const floor: Bench = {
  name: "floor",
  about: "hash, parse, schema and commit of webhooks, each alone: what bounds intake",
  run: measure,
};

/** Webhooks in a round. */
const FULL = 2_000;

/** How many webhooks share a commit under load. */
const SHARED = 50;

async function measure(effort: Effort): Promise<Figure[]> {
  const house = await openBench({ routes: 1, channels: 1 });
  try {
    const volume = { events: amount(FULL, effort, 2 * SHARED), subjects: 1_000, lanes: 1, seed: 1 };
    const sent = await webhooks(house.config, volume);
    const bodies = sent.map(({ body }) => body);
    const insert = inserter(join(house.folder, "floor.db"));
    const parts = [
      { name: "HMAC-SHA256 of a webhook", work: () => bodies.forEach(hash) },
      { name: "JSON of a webhook parsed", work: () => bodies.forEach(parse) },
      { name: "… and read by its schema", work: () => sent.forEach(read) },
      { name: "webhooks inserted, each its own commit", work: () => insert.in(bodies, 1) },
      { name: `… ${SHARED} a commit`, work: () => insert.in(bodies, SHARED) },
    ];
    const figures = parts.map(({ name, work }): Figure => {
      effort.say(`floor: ${name}`);
      const rounds = Array.from({ length: effort.rounds + 1 }, () => perSecond(work, sent.length));
      // The first round only warms up.
      return { name, unit: "/s", rounds: rounds.slice(1) };
    });
    insert.close();
    return figures;
  } finally {
    await house.close();
  }

  function read({ path, body }: SignedWebhook): void {
    sourceOf(house.config, path.slice("/webhooks/".length)).parse(body);
  }
}

function hash(body: Buffer): void {
  createHmac("sha256", "key").update(body).digest();
}

function parse(body: Buffer): void {
  JSON.parse(body.toString());
}

/** A table in a file of its own, kept as the store is. */
function inserter(path: string) {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("create table webhooks (body blob not null) strict");
  const insert = database.prepare("insert into webhooks (body) values (?)");
  const together = database.transaction((bodies: readonly Buffer[]) => {
    for (const body of bodies) insert.run(body);
  });
  return {
    in(bodies: readonly Buffer[], aCommit: number): void {
      for (let from = 0; from < bodies.length; from += aCommit)
        together(bodies.slice(from, from + aCommit));
    },
    close: () => void database.close(),
  };
}
