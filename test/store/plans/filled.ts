import { Client } from "pg";
import { makeTables } from "../../postgres/tables.ts";

/** The newest event's time, in milliseconds since the epoch. */
export const NEWEST = Date.parse("2026-11-22T10:00:00Z");

/** How long ago the oldest event was received, in milliseconds: as with the retention that is usual. */
export const SPAN_MS = 90 * 86_400_000;

/** How many events there are, and lanes; four in five events made a delivery. */
export interface Size {
  readonly events: number;
  readonly lanes: number;
}

/** Fills an empty database with what a bridge would have after a while: most is done, and the newest part waits. */
export async function fill(url: string, size: Size): Promise<void> {
  await makeTables(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("set synchronous_commit = off");
    for (const statement of statements(size)) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The id of the event, or of its delivery, of a number. */
const [EVENT, DELIVERY] = ["evt", "dlv"].map((prefix) => `'${prefix}_' || lpad(i::text, 26, '0')`);

/** The newest events are not processed, those before them have deliveries that wait, and the rest is done. */
function statements({ events, lanes }: Size): string[] {
  const stepMs = Math.round(SPAN_MS / events);
  const receivedAt = `${NEWEST} - (${events} - i)::bigint * ${stepMs}`;
  const isNew = `i > ${events} - 1000`;
  const waits = `i > ${events} - 11000`;
  const account = `'slack:a' || i % 100`;
  const lane = `${account} || '/C' || i % ${lanes}`;
  return [
    `insert into events (seq, id, source, key, type, time, subject, received_at, processed_at, status, body, changes, routes,
        revision, payload_pruned_at)
      select i, ${EVENT}, case when i % 5 = 0 then 'plain' else 'polar' end, 'msg_' || md5(i::text),
        'customer.state_changed', '2026-11-22T10:00:00Z', 'customer-' || i % (${events} / 20), ${receivedAt},
        case when not (${isNew}) then ${receivedAt} end,
        case when ${isNew} then 'stored' when i % 10 < 8 then 'sent' when i % 10 = 8 then 'unrouted'
          when i % 1000 = 9 then 'quarantined' else 'unchanged' end,
        case when i < ${events} * 2 / 3 then '' else md5(i::text) end::bytea, '[]', '[]', 'r1',
        case when i < ${events} * 2 / 3 then ${NEWEST} end
      from generate_series(1, ${events}) as i`,
    `insert into deliveries (seq, id, event, route, destination, lane, status, form, attempts, created_at, last_error,
        replay_of)
      select i, ${DELIVERY}, ${EVENT}, 'route-' || i % 50, 'destination-' || i % ${lanes}, ${lane},
        case when ${waits} then 'pending' when i % 500 = 1 then 'dead' else 'delivered' end, 'full',
        case when ${waits} then 0 else 1 end, ${receivedAt},
        case when i % 500 = 1 then '{"code":"channel_not_found","text":"The channel is gone."}' end,
        case when i % 1000 = 3 then 'dlv_' || lpad((i - 2)::text, 26, '0') end
      from generate_series(1, ${events}) as i where i % 10 < 8 and not (${isNew})`,
    `insert into attempts (delivery, number, started_at, ended_at, outcome)
      select id, 1, created_at, created_at, 'delivered' from deliveries where attempts > 0`,
    `insert into lanes (id, account, due_at, not_before, failures, parked)
      select ${lane}, ${account}, case when i % 10 < 8 then ${NEWEST} + i end, 0,
        case when i % 50 = 1 then 2 else 0 end, case when i % 500 = 2 then '{"code":"gone","text":"It is gone."}' end
      from generate_series(0, ${lanes} - 1) as i`,
    `insert into accounts (id, not_before, failures) select distinct account, 0, 0 from lanes`,
    `insert into snapshots (source, subject, time, state)
      select distinct source, subject, '2026-11-22T10:00:00Z', '{}' from events`,
    `select setval('events_seq_seq', ${events}), setval('deliveries_seq_seq', ${events})`,
    `vacuum analyze`,
  ];
}
