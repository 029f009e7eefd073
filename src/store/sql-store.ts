import { setTimeout as pause } from "node:timers/promises";
import type { Kysely, Transaction } from "kysely";
import type { Settlement } from "../core/delivery.ts";
import type { Report } from "../core/report.ts";
import type { TurnRequest } from "../core/turns.ts";
import { align } from "./align.ts";
import { claim } from "./claim.ts";
import { take } from "./duty.ts";
import type { Engine } from "./engine.ts";
import { enqueue } from "./enqueue.ts";
import { expire } from "./expire.ts";
import { extend } from "./extend.ts";
import { late } from "./late.ts";
import { nextDue } from "./next-due.ts";
import { ping } from "./ping.ts";
import { process } from "./process.ts";
import { prune } from "./prune.ts";
import { backlog, lanes, oldestEvent, parkedAccounts } from "./backlog.ts";
import { attempts, deliveries, event, events } from "./read.ts";
import { replay, requeue } from "./replay.ts";
import { dueReports, oldestTold, report, timed, told } from "./report.ts";
import { reserve } from "./reserve.ts";
import { resume } from "./resume.ts";
import { Rulebooks } from "./rulebooks.ts";
import { release, settle } from "./settle.ts";
import { routeTraffic } from "./route-traffic.ts";
import type * as contract from "./store.ts";
import type { Tables } from "./tables.ts";
import { closeTurns, takeTurn, turnsClosedUntil } from "./turns.ts";

/** How often a transaction that met another one is done once more, and the longest pause before, in milliseconds; ours. */
const AGAIN = { times: 5, longestPauseMs: 50 } as const;

/** What the store tells of its writes. */
type WriteListener = Pick<contract.StoreListener, "onCommit" | "onFailure">;

/** The store on an SQL database, one file a statement; Kysely speaks the dialect. */
export class SqlStore implements contract.Store {
  readonly #engine: Engine;
  readonly #db: Kysely<Tables>;
  readonly #listener: WriteListener;
  readonly #rulebooks = new Rulebooks();

  constructor(engine: Engine, listener: WriteListener) {
    this.#engine = engine;
    this.#db = engine.db;
    this.#listener = listener;
  }

  get isShared(): boolean {
    return this.#engine.isShared;
  }

  /** Frees what a bridge left claimed when it died; only for a store that no other bridge uses. */
  async recover(): Promise<void> {
    await this.#db.updateTable("lanes").set({ lease_until: null, owner: null }).execute();
    await this.#db.updateTable("accounts").set({ probe_until: null }).execute();
    await this.#db.deleteFrom("duties").execute();
  }

  async enqueue(
    webhooks: readonly contract.ArrivedWebhook[],
  ): Promise<readonly contract.Enqueued[]> {
    const enqueued = await this.#write((trx) => enqueue(trx, webhooks));
    if (enqueued.some((one) => !one.isDuplicate)) this.#engine.spread("events");
    return enqueued;
  }

  async process(
    limit: number,
    now: number,
    work: (
      event: contract.StoredEvent,
      before: contract.StoredSnapshot | undefined,
    ) => contract.Processed,
    isEnough: () => boolean = () => false,
    mine?: contract.Mine,
  ): Promise<number> {
    const rulebooks = this.#rulebooks;
    const { count, isAnyDelivery, kept } = await this.#write((trx) =>
      process(trx, { limit, now, work, isEnough, mine, rulebooks }),
    );
    rulebooks.wereKept(kept, now);
    if (isAnyDelivery) this.#engine.spread("deliveries");
    return count;
  }

  async claim(request: contract.ClaimRequest): Promise<readonly contract.Claim[]> {
    return this.#write((trx) => claim(trx, request));
  }

  async extend(request: contract.ExtendRequest): Promise<void> {
    await this.#write((trx) => extend(trx, request));
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
    const replayed = await this.#write((trx) => replay(trx, request));
    this.#engine.spread("deliveries");
    return replayed;
  }

  async requeue(readable: contract.RequeuedEvent): Promise<boolean> {
    const isQueued = await this.#write((trx) => requeue(trx, readable));
    this.#engine.spread("events");
    return isQueued;
  }

  async resume(laneOrAccount: string, now: number): Promise<contract.Resumed> {
    const resumed = await this.#write((trx) => resume(trx, laneOrAccount, now));
    this.#engine.spread("deliveries");
    return resumed;
  }

  async align(destinations: readonly contract.LaneOf[], now: number): Promise<void> {
    await this.#write((trx) => align(trx, destinations, now));
  }

  async report(reports: readonly Report[], now: number): Promise<void> {
    await this.#write((trx) => report(trx, timed(now, reports)));
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

  async takeTurn(request: TurnRequest): Promise<number> {
    return this.#write((trx) => takeTurn(trx, request));
  }

  async closeTurns(of: string, until: number): Promise<void> {
    await this.#write((trx) => closeTurns(trx, of, until));
  }

  async turnsClosedUntil(of: string): Promise<number> {
    return turnsClosedUntil(this.#db, of);
  }

  async take(request: contract.DutyRequest): Promise<boolean> {
    return this.#write((trx) => take(trx, request));
  }

  async prune(request: contract.PruneRequest): Promise<contract.Pruned> {
    return this.#write((trx) => prune(trx, request));
  }

  async compact(): Promise<boolean> {
    return this.#engine.compact((work) => this.#write(work));
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
    return this.#engine.size();
  }

  async ping(): Promise<void> {
    await this.#write(ping);
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }

  /** Works in one transaction, and tells the listener how that went. */
  async #write<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
    for (let again = 1; ; again += 1) {
      try {
        return await this.#writeOnce(work);
      } catch (error) {
        if (this.#engine.isStorageError(error)) {
          const explained = this.#engine.explain(error);
          this.#listener.onFailure(explained);
          throw explained;
        }
        if (!this.#engine.isCollision(error) || again > AGAIN.times) throw error;
      }
      await pause(Math.random() * AGAIN.longestPauseMs);
    }
  }

  async #writeOnce<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
    let began = performance.now();
    const result = await this.#db.transaction().execute((trx) => {
      // From here on the connection is ours: waiting for it says nothing about the disk.
      began = performance.now();
      return work(trx);
    });
    this.#listener.onCommit((performance.now() - began) / 1000);
    return result;
  }
}
