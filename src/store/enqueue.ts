import type { Transaction } from "kysely";
import { report } from "./report.ts";
import type { ArrivedWebhook, Enqueued } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Inserts webhooks in order; the unique key of source and vendor's key finds the ones that were there before. */
export async function enqueue(
  trx: Transaction<Tables>,
  webhooks: readonly ArrivedWebhook[],
): Promise<Enqueued[]> {
  if (webhooks.length === 0) return [];
  const inserted = await trx
    .insertInto("events")
    .values(webhooks.map(toRow))
    .onConflict((conflict) => conflict.columns(["source", "key"]).doNothing())
    .returning("id")
    .execute();
  const isNew = new Set(inserted.map((row) => row.id));
  const results: Enqueued[] = [];
  for (const webhook of webhooks) {
    if (isNew.has(webhook.id)) {
      results.push({ id: webhook.id, isDuplicate: false });
      await report(trx, webhook.reports, webhook.receivedAt);
    } else results.push({ id: await countAgain(trx, webhook), isDuplicate: true });
  }
  return results;
}

/** Counts a webhook for the event that it made when it first came, whose id this gives back. */
async function countAgain(trx: Transaction<Tables>, webhook: ArrivedWebhook): Promise<string> {
  const row = await trx
    .updateTable("events")
    .set((eb) => ({
      duplicates: eb("duplicates", "+", 1),
      duplicate_at: webhook.receivedAt,
    }))
    .where("source", "=", webhook.source)
    .where("key", "=", webhook.key)
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

function toRow(webhook: ArrivedWebhook) {
  return {
    id: webhook.id,
    source: webhook.source,
    key: webhook.key,
    type: webhook.type,
    time: webhook.time,
    subject: webhook.subject,
    received_at: webhook.receivedAt,
    status: webhook.quarantine === null ? "stored" : "quarantined",
    body: webhook.body,
    error: webhook.quarantine === null ? null : JSON.stringify(webhook.quarantine),
  };
}
