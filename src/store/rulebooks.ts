import { createHash } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import type { Expectation } from "../core/miss.ts";
import type { Rulebook } from "../core/rulebook.ts";
import type { Tables } from "./tables.ts";

/** How long after a rulebook was noted as in use this is noted again, in milliseconds; ours: `forgetRulebooks` counts on it. */
const NOTED_AGAIN_MS = 86_400_000;

/** How much longer than the oldest event a rulebook is kept, in milliseconds: it may have been noted that long before. */
const KEPT_LONGER_MS = 2 * NOTED_AGAIN_MS;

/** A rulebook as it is kept: its id is made of what it says, so that bridges with the same config share it. */
export interface KeptRulebook {
  readonly id: string;
  readonly routes: string;
}

/** The rulebooks of one bridge, and which of them the store is known to have. */
export class Rulebooks {
  readonly #kept = new WeakMap<Rulebook, KeptRulebook>();
  /** When each was last noted as in use, by its id. */
  readonly #notedAt = new Map<string, number>();

  /** The rulebook as it is kept. */
  of(rulebook: Rulebook): KeptRulebook {
    const known = this.#kept.get(rulebook);
    if (known !== undefined) return known;
    const routes = JSON.stringify(packed(rulebook));
    const id = createHash("sha256").update(routes).digest("base64url");
    const kept = { id, routes };
    this.#kept.set(rulebook, kept);
    return kept;
  }

  /** Those that are to be kept with what points into them, each once. */
  unkept(used: readonly KeptRulebook[], now: number): KeptRulebook[] {
    const unkept = used.filter(({ id }) => {
      const notedAt = this.#notedAt.get(id);
      return notedAt === undefined || Math.abs(now - notedAt) > NOTED_AGAIN_MS;
    });
    return [...new Map(unkept.map((one) => [one.id, one])).values()];
  }

  /** Has them count as kept, once they are committed. */
  wereKept(kept: readonly KeptRulebook[], now: number): void {
    for (const { id } of kept) this.#notedAt.set(id, now);
  }
}

/** Keeps rulebooks, and notes that they are in use. */
export async function keepRulebooks(
  trx: Transaction<Tables>,
  kept: readonly KeptRulebook[],
  now: number,
): Promise<void> {
  if (kept.length === 0) return;
  await trx
    .insertInto("rulebooks")
    .values(kept.map(({ id, routes }) => ({ id, routes, used_at: now })))
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((eb) => ({ used_at: eb.ref("excluded.used_at") })),
    )
    .execute();
}

/** The rulebooks of those ids. */
export async function rulebooks(
  db: Kysely<Tables>,
  ids: ReadonlySet<string>,
): Promise<Map<string, Rulebook>> {
  if (ids.size === 0) return new Map();
  const rows = await db
    .selectFrom("rulebooks")
    .select(["id", "routes"])
    .where("id", "in", [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, unpacked(row.routes)]));
}

/** Deletes the rulebooks that no event points into any more. */
export async function forgetRulebooks(trx: Transaction<Tables>, now: number): Promise<void> {
  const oldest = await trx
    .selectFrom("events")
    .select("received_at")
    .orderBy("received_at")
    .limit(1)
    .executeTakeFirst();
  const before = (oldest?.received_at ?? now) - KEPT_LONGER_MS;
  await trx.deleteFrom("rulebooks").where("used_at", "<", before).execute();
}

/** A rulebook in JSON: what is expected once, and each route's by their numbers. */
interface Packed {
  readonly expectations: readonly (readonly [path: string, expected: string])[];
  readonly routes: readonly (readonly [name: string, expectations: readonly number[]])[];
}

function packed({ routes }: Rulebook): Packed {
  const numbers = new Map<string, number>();
  const numberOf = ({ path, expected }: Expectation) => {
    const key = JSON.stringify([path, expected]);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
  const numbered = routes.map(
    ({ name, expectations }) => [name, expectations.map(numberOf)] as const,
  );
  const expectations = [...numbers.keys()].map((key) => JSON.parse(key) as [string, string]);
  return { expectations, routes: numbered };
}

function unpacked(text: string): Rulebook {
  const { expectations, routes } = JSON.parse(text) as Packed;
  const all = expectations.map(([path, expected]) => ({ path, expected }));
  return {
    routes: routes.map(([name, numbers]) => ({
      name,
      expectations: numbers.flatMap((number) => all[number] ?? []),
    })),
  };
}
