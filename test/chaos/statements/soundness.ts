import type { TrialStore } from "../stores/trial-store.ts";

/** What must hold in every store that was just opened, as queries that find what breaks it. */
const BREACHES = {
  "deliveries of no event": "select id from deliveries where event not in (select id from events)",
  "deliveries of no lane": "select id from deliveries where lane not in (select id from lanes)",
  "lanes of no account": "select id from lanes where account not in (select id from accounts)",
  "attempts at no delivery":
    "select delivery from attempts where delivery not in (select id from deliveries)",
  "events that were sent nowhere":
    "select id from events where status = 'sent' and id not in (select event from deliveries)",
  "events waiting that were processed":
    "select id from events where status = 'stored' and processed_at is not null and changes is null",
  "lanes that something waits in and that are not due": `
    select id from lanes where due_at is null and parked is null
      and id in (select lane from deliveries where status in ('pending', 'sending'))`,
  "lanes that a bridge holds which is gone": "select id from lanes where lease_until is not null",
  "deliveries that are repeated twice": `
    select replay_of from deliveries where replay_of is not null group by replay_of having count(*) > 1`,
  "webhooks that are kept twice": "select key from events group by source, key having count(*) > 1",
  "payloads that are empty and not pruned, or pruned and not empty":
    "select id from events where (length(body) = 0) <> (payload_pruned_at is not null)",
} as const;

const BROKEN_PAGES =
  "select integrity_check from pragma_integrity_check where integrity_check <> 'ok'";

/** What is broken in a store that no process has open; empty when nothing is. */
export async function breachesIn(store: TrialStore): Promise<string[]> {
  const queries = Object.entries<string>(BREACHES);
  if (store.kind === "sqlite") queries.push(["pages that SQLite finds broken", BROKEN_PAGES]);
  const found: string[] = [];
  for (const [name, query] of queries) if ((await store.rows(query)).length > 0) found.push(name);
  return found;
}
