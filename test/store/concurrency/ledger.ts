import { query } from "../../postgres/query.ts";
import type { Chronicle } from "./chronicle.ts";
import { destinationsOf, STEADY } from "./town.ts";

const WAITING = "status in ('pending', 'sending')";

/** What must never be seen in the database, not even for a moment between two commits. */
const NEVER = `
  select 'a lane that nobody will look at: ' || id as problem from lanes
  where due_at is null and exists (select from deliveries where lane = lanes.id and ${WAITING})
  union all
  select 'a delivery without its event: ' || id from deliveries
  where not exists (select from events where events.id = deliveries.event)
  union all
  select 'an attempt without its delivery: ' || delivery from attempts
  where not exists (select from deliveries where deliveries.id = attempts.delivery)
  union all
  select 'two deliveries under way in a lane: ' || lane from deliveries
  where status = 'sending' and lane in (${STEADY.map((lane) => `'${lane}'`).join()})
  group by lane having count(*) > 1
  union all
  select 'a count of reports below nothing: ' || cause from reports where count < 0`;

/** What is left over at the end, when all work is done. */
const LEFT = `
  select 'an event that was not processed: ' || key as problem from events where status = 'stored'
  union all
  select 'a delivery that did not end: ' || id || ' in ' || lane || ', ' || status from deliveries where ${WAITING}
  union all
  select 'attempts that do not count up: ' || deliveries.id from deliveries
  left join attempts on attempts.delivery = deliveries.id group by deliveries.id, deliveries.attempts
  having count(attempts.number) <> deliveries.attempts or coalesce(max(attempts.number), 0) <> deliveries.attempts
  union all
  select 'a lane that is taken: ' || id from lanes where owner is not null and due_at is not null
  union all
  select 'an account that is being tried: ' || id from accounts where probe_until > $now
  union all
  select 'a report that is not told: ' || cause from reports where count <> 0
  union all
  select 'deadlocks: ' || deadlocks from pg_stat_database where datname = current_database() and deadlocks > 0`;

/** What is wrong in the database at this moment, in sentences. */
export async function problemsNow(url: string): Promise<string[]> {
  return problemsBy(url, NEVER);
}

/** What is wrong in the database once all work is done; `now` is the bridges' time. */
export async function problemsLeft(
  url: string,
  chronicle: Chronicle,
  now: number,
): Promise<string[]> {
  const orders = await ordersOf(url);
  const processed = [...orders.values()].flat();
  return [
    ...(await problemsBy(url, NEVER)),
    ...(await problemsBy(url, LEFT.replace("$now", String(now + 60_000)))),
    ...chronicle.problems(orders),
    ...lostOrDoubled(processed, chronicle),
    ...(await misdirected(url)),
  ];
}

async function problemsBy(url: string, sql: string): Promise<string[]> {
  return (await query(url, sql)).map(({ problem }) => String(problem));
}

/** The numbers of each subject in the order in which they were processed, which its snapshot holds. */
async function ordersOf(url: string): Promise<Map<string, number[]>> {
  const rows = await query(url, "select subject, state from snapshots");
  return new Map(
    rows.map(({ subject, state }) => [
      String(subject),
      (JSON.parse(String(state)) as { processed: number[] }).processed,
    ]),
  );
}

/** Webhooks that were answered and not processed once, and once only; those in quarantine wait for a person. */
function lostOrDoubled(processed: readonly number[], chronicle: Chronicle): string[] {
  const counts = Map.groupBy(processed, (number) => number);
  return [...chronicle.sent].flatMap(([number, { answeredAt }]) => {
    const times = counts.get(number)?.length ?? 0;
    const isQuarantined = number % 11 === 0;
    const isRight = isQuarantined
      ? times === 1 || (times === 0 && !chronicle.requeued.has(number))
      : times === 1 || (times === 0 && answeredAt === Infinity);
    return isRight ? [] : [`${number} was processed ${times} times.`];
  });
}

/** Events that do not have just the deliveries that they should. */
async function misdirected(url: string): Promise<string[]> {
  const rows = await query(
    url,
    `select key, coalesce(string_agg(destination, ' ' order by destination) filter (where replay_of is null), '') as to
    from events left join deliveries on deliveries.event = events.id
    where events.status in ('sent', 'unrouted') group by key`,
  );
  return rows.flatMap(({ key, to }) => {
    const wanted = destinationsOf(Number(String(key).slice(1)));
    const is = String(to);
    return is === wanted.map((one) => `d${one}`).join(" ") ? [] : [`${String(key)} went to ${is}.`];
  });
}
