import type { Kysely, Transaction } from "kysely";
import type { Settlement } from "../core/delivery.ts";
import type { Report } from "../core/report.ts";
import { align } from "./align.ts";
import { claim } from "./claim.ts";
import { checkpoint, compact } from "./compact.ts";
import { enqueue } from "./enqueue.ts";
import { expire } from "./expire.ts";
import { late } from "./late.ts";
import { nextDue } from "./next-due.ts";
import { ping } from "./ping.ts";
import { process } from "./process.ts";
import { prune } from "./prune.ts";
import { backlog, lanes, oldestEvent, parkedAccounts } from "./backlog.ts";
import { attempts, deliveries, event, events } from "./read.ts";
import { replay, requeue } from "./replay.ts";
import { dueReports, oldestTold, report, told } from "./report.ts";
import { reserve } from "./reserve.ts";
import { resume } from "./resume.ts";
import { release, settle } from "./settle.ts";
import { routeTraffic } from "./route-traffic.ts";
import { size } from "./size.ts";
import { isStorageError } from "./storage-error.ts";
import type * as contract from "./store.ts";
import type { Tables } from "./tables.ts";

/** The store on an SQL database, one file a statement; Kysely speaks the dialect. */
export class SqlStore implements contract.Store {
  readonly #db: Kysely<Tables>;
  readonly #listener: contract.StoreListener;
  readonly #onClosed: () => void;

  constructor(db: Kysely<Tables>, listener: contract.StoreListener, onClosed: () => void) {
    this.#db = db;
    this.#listener = listener;
    this.#onClosed = onClosed;
  }

  /** Frees the lanes that a bridge left claimed when it died; only for a store that no other bridge uses. */
  async recover(): Promise<void> {
    await this.#db.updateTable("lanes").set({ lease_until: null, owner: null }).execute();
    await this.#db.updateTable("accounts").set({ probe_until: null }).execute();
  }

  async enqueue(
    webhooks: readonly contract.ArrivedWebhook[],
  ): Promise<readonly contract.Enqueued[]> {
    return this.#write((trx) => enqueue(trx, webhooks));
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
    return this.#write((trx) => process(trx, { limit, now, work, isEnough }));
  }

  async claim(request: contract.ClaimRequest): Promise<readonly contract.Claim[]> {
    return this.#write((trx) => claim(trx, request));
  }

  async settle(all: readonly contract.EndedClaim[]): Promise<void> {
    await this.#write((trx) => settle(trx, all));
  }

  async expire(request: contract.ExpireRequest): Promise<readonly string[]> {
    return this.#write((trx) => expire(trx, request));
  }

  async nextDue(now: number): Promise<number | undefined> {
    return nextDue(this.#db, now);
  }

  async replay(request: contract.ReplayRequest): Promise<readonly contract.Replayed[]> {
    return this.#write((trx) => replay(trx, request));
  }

  async requeue(readable: contract.RequeuedEvent): Promise<boolean> {
    return this.#write((trx) => requeue(trx, readable));
  }

  async resume(laneOrAccount: string, now: number): Promise<contract.Resumed> {
    return this.#write((trx) => resume(trx, laneOrAccount, now));
  }

  async align(destinations: readonly contract.LaneOf[], now: number): Promise<void> {
    await this.#write((trx) => align(trx, destinations, now));
  }

  async report(reports: readonly Report[], now: number): Promise<void> {
    await this.#write((trx) => report(trx, reports, now));
  }

  async dueReports(now: number, foldMs: number): Promise<readonly contract.DueReport[]> {
    return dueReports(this.#db, now, foldMs);
  }

  async oldestTold(): Promise<number | undefined> {
    return oldestTold(this.#db);
  }

  async told(reports: readonly contract.DueReport[], now: number): Promise<void> {
    await this.#write((trx) => told(trx, reports, now));
  }

  async reserve(
    request: contract.ReserveRequest,
  ): Promise<contract.Reservation | { readonly openAt: number | null }> {
    return this.#write((trx) => reserve(trx, request));
  }

  async release(
    reservation: contract.Reservation,
    settlement: Omit<Settlement, "delivery">,
  ): Promise<void> {
    await this.#write((trx) => release(trx, reservation, settlement));
  }

  async late(before: number): Promise<readonly contract.LateRecord[]> {
    return late(this.#db, before);
  }

  async prune(request: contract.PruneRequest): Promise<contract.Pruned> {
    return this.#write((trx) => prune(trx, request));
  }

  async compact(): Promise<boolean> {
    if (await this.#write((trx) => compact(trx))) return true;
    await checkpoint(this.#db);
    return false;
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

  async routeTraffic(since: number): Promise<contract.RouteTraffic> {
    return routeTraffic(this.#db, since);
  }

  async backlog(): Promise<number> {
    return backlog(this.#db);
  }

  async oldestEvent(): Promise<number | undefined> {
    return oldestEvent(this.#db);
  }

  async parkedAccounts(): Promise<number> {
    return parkedAccounts(this.#db);
  }

  async size(): Promise<contract.StoreSize> {
    return size(this.#db);
  }

  async ping(): Promise<void> {
    await this.#write(ping);
  }

  async close(): Promise<void> {
    await this.#db.destroy();
    this.#onClosed();
  }

  /** Works in one transaction, and tells the listener how that went. */
  async #write<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
    let began = performance.now();
    try {
      const result = await this.#db.transaction().execute((trx) => {
        // From here on the connection is ours: waiting for it says nothing about the disk.
        began = performance.now();
        return work(trx);
      });
      this.#listener.onCommit((performance.now() - began) / 1000);
      return result;
    } catch (error) {
      if (isStorageError(error)) this.#listener.onFailure(error);
      throw error;
    }
  }
}
