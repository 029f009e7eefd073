import { sql } from "kysely";

// Written as literals and not as parameters: only so can the database use the partial indexes on them.
// https://www.sqlite.org/partialindex.html#queries_using_partial_indexes

/** The statuses of deliveries that wait in a lane. */
export const WAITING = [sql.lit("pending"), sql.lit("sending")] as const;
