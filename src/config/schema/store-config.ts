import { z } from "zod";
import { Duration } from "./duration.ts";

/**
 * The least and the most connections of one bridge; ours. It reads while it writes, and a PostgreSQL that nobody tuned
 * takes 100 in all. https://www.postgresql.org/docs/current/runtime-config-connection.html
 */
const CONNECTIONS = { least: 2, most: 100 } as const;

const OUT_OF_RANGE = `must be a whole number from ${CONNECTIONS.least} to ${CONNECTIONS.most}: a bridge reads while it writes, and a PostgreSQL server takes ${CONNECTIONS.most} in all unless told otherwise.`;

const StoreMapping = z.strictObject({
  url: z
    .string()
    .describe(
      "`sqlite:` and the path of a file, or the `postgres://` URL of a database, its password as a `${NAME}`.",
    ),
  connections: z
    .int(OUT_OF_RANGE)
    .min(CONNECTIONS.least, OUT_OF_RANGE)
    .max(CONNECTIONS.most, OUT_OF_RANGE)
    .default(10)
    .describe(
      "PostgreSQL only: the most connections that one bridge opens, beside the one that it listens on; from 2 to 100.",
    ),
  listen: z
    .boolean()
    .default(true)
    .describe(
      "PostgreSQL only: whether a connection of its own hears of other bridges' work at once; `false` behind PgBouncer.",
    ),
  statement_timeout: Duration("1s", "10m")
    .prefault("30s")
    .describe(
      "PostgreSQL only: after how long the database gives a statement up, such as `30s`; from 1s to 10m.",
    ),
  connect_timeout: Duration("1s", "1m")
    .prefault("5s")
    .describe(
      "PostgreSQL only: how long a connection may take to come about or to become free, such as `5s`; from 1s to 1m.",
    ),
});

/** The setting `store`: the URL alone, or with what belongs to it; the URL itself is checked apart. */
export const StoreConfig = z
  .union([z.string(), StoreMapping])
  .transform((given) => (typeof given === "string" ? StoreMapping.parse({ url: given }) : given));

/** The setting `store`, read and made ready. */
export type StoreConfig = z.output<typeof StoreConfig>;

/** The keys of the setting that mean nothing to SQLite. */
export const POSTGRES_KEYS: readonly string[] = Object.keys(StoreMapping.shape).filter(
  (key) => key !== "url",
);
