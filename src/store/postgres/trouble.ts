import { DatabaseError } from "pg";

/** What is wrong with a database, as the end of a sentence, and what to do. */
export interface Trouble {
  readonly reason: string;
  readonly hint: string;
}

/** Says what is wrong, in words for people who cannot look into the code, as far as they are known. */
export function troubleOf(error: unknown): Trouble {
  // Every address that a name led to failed by itself.
  if (error instanceof AggregateError && error.errors.length > 0) return together(error.errors);
  const said = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = BY_CODE[code] ?? BY_TEXT.find(({ text }) => text.test(said));
  const { reason = SAID, hint } = known ?? (error instanceof DatabaseError ? LOG : SETTINGS);
  return { reason: reason.replace(SAID, () => said), hint };
}

function together(errors: readonly unknown[]): Trouble {
  const troubles = errors.map((one) => troubleOf(one));
  const reason = [...new Set(troubles.map((one) => one.reason))].join(", ");
  return { hint: SETTINGS.hint, ...troubles[0], reason };
}

/** What is known of an error; without a reason, what was said tells it. */
type Known = Partial<Trouble> & Pick<Trouble, "hint">;

/** Stands in a reason for what was said. */
const SAID = "%";

const LOG: Known = { hint: "Check the database's log." };

const SETTINGS: Known = {
  hint: "Check that the server runs, and that host, port and TLS settings in `store` are right.",
};

/** By codes of PostgreSQL and of Node's sockets. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const BY_CODE: Readonly<Record<string, Known>> = {
  "25006": {
    reason: "it can only be read, as a standby (%)",
    hint: "Name the host that always leads to the server that takes writes; after a fail-over, wait until one does.",
  },
  "28P01": { hint: "Check the user and the password in `store`." },
  "28000": {
    hint: "Check the user and the TLS settings in `store`, and the server's pg_hba.conf.",
  },
  "3D000": { hint: "Create the database first, or name another one in `store`." },
  "42501": {
    hint: "The user in `store` must be allowed to create tables: docs/deploy.md lists what it needs.",
  },
  "53300": {
    reason: "it takes no more connections (%)",
    hint: "Lower `connections` in `store`, or raise the server's max_connections.",
  },
  "57014": {
    reason: "it did not finish within `statement_timeout` (%)",
    hint: "Look for what holds it up: other sessions' locks, or a disk that is slow.",
  },
  "55P03": {
    reason: "another session holds what is needed (%)",
    hint: "Look for sessions that lock tables or rows for long.",
  },
  "57P01": { reason: "it ended the connection (%)", ...LOG },
  "57P03": { reason: "it is starting or stopping (%)", hint: "Try again in a moment." },
  ECONNREFUSED: {
    reason: "nothing takes connections there (%)",
    hint: "Check that the server runs, and that host and port in `store` are right.",
  },
  ENOTFOUND: {
    reason: "nobody knows where its host is (%)",
    hint: "Check the host in `store`, and this machine's DNS.",
  },
  EAI_AGAIN: {
    reason: "nobody says where its host is (%)",
    hint: "Check this machine's DNS, and the host in `store`.",
  },
};

/** By what `pg` itself says, which has no codes. */
const BY_TEXT: readonly (Known & { readonly text: RegExp })[] = [
  {
    text: /does not support SSL|establishing an SSL connection/,
    reason: "it does not offer TLS",
    hint: "Check the TLS settings in `store`, and that the server has `ssl = on`.",
  },
  {
    text: /due to connection timeout|^timeout expired/,
    reason: "it does not answer within `connect_timeout`",
    hint: "Check host and port in `store`, the network between, and whether the server is overloaded.",
  },
  {
    text: /timeout exceeded when trying to connect/,
    reason: "none of its connections became free within `connect_timeout`",
    hint: "Look for what holds them up: other sessions' locks, a disk that is slow, or too few `connections` in `store`.",
  },
  { text: /^Connection terminated|not queryable/, reason: "the connection was lost", ...LOG },
];
