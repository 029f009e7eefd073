import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Settlement } from "../core/delivery.ts";
import { align } from "./align.ts";
import { claim, nextDue } from "./claim.ts";
import { enqueue } from "./enqueue.ts";
import { expire } from "./expire.ts";
import { process } from "./process.ts";
import { attempts, backlog, deliveries, event, events, lanes } from "./read.ts";
import { replay, requeue } from "./replay.ts";
import { resume } from "./resume.ts";
import { settle } from "./settle.ts";
import type * as contract from "./store.ts";
import type { Tables } from "./tables.ts";

/** The store on an SQL database, one file a statement; Kysely speaks the dialect. */
export class SqlStore implements contract.Store {
  readonly #db: Kysely<Tables>;
  readonly #onClosed: () => void;

  constructor(db: Kysely<Tables>, onClosed: () => void) {
    this.#db = db;
    this.#onClosed = onClosed;
  }

  /** Frees the lanes that a bridge left claimed when it died; only for a store that no other bridge uses. */
  async recover(): Promise<void> {
    await this.#db.updateTable("lanes").set({ lease_until: null, owner: null }).execute();
  }

  async enqueue(
    webhooks: readonly contract.ArrivedWebhook[],
  ): Promise<readonly contract.Enqueued[]> {
    return this.#db.transaction().execute((trx) => enqueue(trx, webhooks));
  }

  async process(
    limit: number,
    now: number,
    work: (
      event: contract.StoredEvent,
      before: contract.StoredSnapshot | undefined,
    ) => contract.Processed,
    isEnough: () => boolean = () => false,
  ): Promise<number> {
    return this.#db.transaction().execute((trx) => process(trx, { limit, now, work, isEnough }));
  }

  async claim(request: contract.ClaimRequest): Promise<readonly contract.Claim[]> {
    return this.#db.transaction().execute((trx) => claim(trx, request));
  }

  async settle(
    claimed: contract.Claim,
    settlement: Settlement,
    attempt: contract.AttemptResult,
  ): Promise<void> {
    await this.#db.transaction().execute((trx) => settle(trx, claimed, settlement, attempt));
  }

  async expire(before: number): Promise<readonly string[]> {
    return this.#db.transaction().execute((trx) => expire(trx, before));
  }

  async nextDue(): Promise<number | undefined> {
    return nextDue(this.#db);
  }

  async replay(request: contract.ReplayRequest): Promise<readonly contract.Replayed[]> {
    return this.#db.transaction().execute((trx) => replay(trx, request));
  }

  async requeue(readable: contract.RequeuedEvent): Promise<boolean> {
    return this.#db.transaction().execute((trx) => requeue(trx, readable));
  }

  async resume(laneOrAccount: string, now: number): Promise<number> {
    return this.#db.transaction().execute((trx) => resume(trx, laneOrAccount, now));
  }

  async align(destinations: readonly contract.LaneOf[], now: number): Promise<void> {
    await this.#db.transaction().execute((trx) => align(trx, destinations, now));
  }

  async event(id: string): Promise<contract.EventRecord | undefined> {
    return event(this.#db, id);
  }

  async events(filter: contract.EventFilter): Promise<contract.Page<contract.EventRecord>> {
    return events(this.#db, filter);
  }

  async deliveries(
    filter: contract.DeliveryFilter,
  ): Promise<contract.Page<contract.DeliveryRecord>> {
    return deliveries(this.#db, filter);
  }

  async attempts(delivery: string): Promise<readonly contract.AttemptRecord[]> {
    return attempts(this.#db, delivery);
  }

  async lanes(): Promise<readonly contract.LaneRecord[]> {
    return lanes(this.#db);
  }

  async backlog(): Promise<number> {
    return backlog(this.#db);
  }

  async ping(): Promise<void> {
    // Takes the write lock and so fails on a read-only or full disk, but leaves no trace.
    await this.#db
      .transaction()
      .execute((trx) => sql`update accounts set failures = failures where id = ''`.execute(trx));
  }

  async close(): Promise<void> {
    await this.#db.destroy();
    this.#onClosed();
  }
}
