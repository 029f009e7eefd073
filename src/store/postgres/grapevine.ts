import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Client, type ClientConfig, type Pool } from "pg";
import { NEWS, type News } from "../store.ts";

/** The channel that bridges on one database hear each other on; ours. */
const CHANNEL = "bellhop";

/** How long after a connection was lost the next is tried, in milliseconds; ours. */
const AGAIN_MS = 1_000;

/** How long news is held back, in milliseconds; ours: what comes up meanwhile is told with it. */
const SPREAD_AFTER_MS = 50;

/** How often the connection is tried, in milliseconds; ours: one that died without a word is noticed then. */
const PROBE_EVERY_MS = 30_000;

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
  #client: Client | undefined;
  readonly #loop: Promise<void>;

  constructor(options: ClientConfig, onNews: (news: News) => void) {
    this.#options = options;
    this.#onNews = onNews;
    this.#loop = this.#run();
  }

  /**
   * Spreads news to all bridges that listen, beside the transaction that made it and not for each one: the server takes a
   * lock for it that all commits share. What is lost, polling finds.
   */
  spread(news: News, pool: Pick<Pool, "query">): void {
    if (this.#spreading.has(news)) return;
    this.#spreading.add(news);
    setTimeout(() => {
      this.#spreading.delete(news);
      pool
        .query("select pg_notify($1, $2)", [CHANNEL, `${news} ${this.#self}`])
        .catch(() => undefined);
    }, SPREAD_AFTER_MS).unref();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#client?.end().catch(() => undefined);
    await this.#loop;
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
    const client = new Client({ ...this.#options, query_timeout: PROBE_EVERY_MS });
    const lost = new Promise<void>((resolve) => {
      client.once("end", resolve);
      client.on("error", () => resolve());
    });
    client.on("notification", ({ payload = "" }) => this.#hear(payload));
    this.#client = client;
    const probe = setInterval(() => {
      client.query("select 1").catch(() => client.end().catch(() => undefined));
    }, PROBE_EVERY_MS);
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      for (const news of NEWS) this.#onNews(news);
      await lost;
    } finally {
      clearInterval(probe);
      this.#client = undefined;
      client.end().catch(() => undefined);
    }
  }

  #hear(payload: string): void {
    const [what, from] = payload.split(" ");
    const news = NEWS.find((one) => one === what);
    if (news !== undefined && from !== this.#self) this.#onNews(news);
  }
}
