import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { Client, type ClientConfig } from "pg";
import { NEWS, type News } from "../store.ts";

/** The channel that bridges on one database hear each other on; ours. */
const CHANNEL = "bellhop";

/** How long after a connection was lost the next is tried, in milliseconds; ours. */
const AGAIN_MS = 1_000;

/** How long news is held back, in milliseconds; ours: what comes up meanwhile is told with it. */
const SPREAD_AFTER_MS = 50;

/**
 * How often the connection is tried, and how long the answer may take, in milliseconds; ours: one that died without a word
 * is noticed then.
 */
const PROBE = { everyMs: 10_000, answerMs: 5_000 } as const;

/**
 * Hears on a connection of its own what other bridges spread, and tells of everything once it hears again after it could
 * not. https://www.postgresql.org/docs/current/sql-listen.html
 */
export class Grapevine {
  readonly #options: ClientConfig;
  readonly #onNews: (news: News) => void;
  readonly #self = randomUUID();
  readonly #spreading = new Set<News>();
  readonly #stopping = new AbortController();
  #telling: Promise<unknown> = Promise.resolve();
  #client: Client | undefined;

  constructor(options: ClientConfig, onNews: (news: News) => void) {
    this.#options = options;
    this.#onNews = onNews;
    void this.#run();
  }

  /**
   * Spreads news to all bridges that listen, beside the transaction that made it and not for each one: the server takes a
   * lock for it that all commits share. What is lost, polling finds.
   */
  spread<Db>(news: News, db: Kysely<Db>): void {
    if (this.#spreading.has(news)) return;
    this.#spreading.add(news);
    void this.#tell(news, db);
  }

  /** Hears nothing more, and says goodbye. */
  stop(): void {
    this.#stopping.abort();
    this.#client?.end().catch(() => undefined);
  }

  async #tell<Db>(news: News, db: Kysely<Db>): Promise<void> {
    await pause(SPREAD_AFTER_MS, undefined, { ref: false });
    // A database that is slow must not be asked for more and more of this.
    await this.#telling;
    this.#spreading.delete(news);
    const text = `${news} ${this.#self}`;
    this.#telling = sql`select pg_notify(${CHANNEL}, ${text})`.execute(db).catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#listen().catch(() => undefined);
      if (!signal.aborted) await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Listens until the connection is lost. */
  async #listen(): Promise<void> {
    const client = new Client({ ...this.#options, query_timeout: PROBE.answerMs });
    const lost = new Promise<void>((resolve) => {
      client.once("end", resolve);
      client.on("error", () => resolve());
    });
    client.on("notification", ({ payload = "" }) => this.#hear(payload));
    this.#client = client;
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      for (const news of NEWS) this.#onNews(news);
      await this.#untilSilent(client, lost);
    } finally {
      this.#client = undefined;
      client.end().catch(() => undefined);
    }
  }

  /** Resolves when the connection is lost; rejects when it does not answer. */
  async #untilSilent(client: Client, lost: Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    const isLost = lost.then(() => true);
    for (;;) {
      const soon = pause(PROBE.everyMs, false, { signal, ref: false });
      if (await Promise.race([isLost, soon])) return;
      await client.query("select 1");
    }
  }

  #hear(payload: string): void {
    const [what, from] = payload.split(" ");
    const news = NEWS.find((one) => one === what);
    if (news !== undefined && from !== this.#self) this.#onNews(news);
  }
}
