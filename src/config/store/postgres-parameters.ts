import { didYouMean } from "../../core/suggest.ts";
import { nameList } from "../yaml/name-list.ts";
import { TLS_PARAMETERS } from "./postgres-tls.ts";
import { isPort, type Parameter, type ParameterFault, type PostgresUrl } from "./postgres-url.ts";

/** The parameters that have a meaning here; others, `pg` would ignore without a word, or let them change how it works. */
export const PARAMETERS: readonly string[] = [
  "host",
  "port",
  "user",
  "application_name",
  "options",
  ...TLS_PARAMETERS,
];

/** What is wrong with the parameters of a URL, each by itself; those about TLS have rules of their own besides. */
export function parameterFaults(url: PostgresUrl): ParameterFault[] {
  const { parameters } = url;
  return parameters.flatMap((parameter, index) => {
    const isDouble = parameters.findIndex(({ name }) => name === parameter.name) < index;
    const message = nameFault(parameter.name) ?? (isDouble ? DOUBLE : valueFault(parameter, url));
    return message === undefined ? [] : [{ parameter, message }];
  });
}

const DOUBLE = "This parameter stands in the URL twice. Remove one of them.";

function nameFault(name: string): string | undefined {
  if (PARAMETERS.includes(name)) return undefined;
  const foreign = FOREIGN.get(name.toLowerCase());
  if (foreign !== undefined) return foreign;
  // What is no name may be part of a secret that went astray.
  const called = /^[a-z_]{1,40}$/i.test(name) ? ` "${name}"` : " with this name";
  const meant = didYouMean(name, PARAMETERS);
  const choice = ` It can have ${nameList(PARAMETERS, "and")}.`;
  return `The URL of a PostgreSQL database has no parameter${called}.${meant === "" ? choice : meant}`;
}

const BESIDE = (name: string, key: string) =>
  `\`${name}\` is no parameter here, but a setting beside the URL: write \`store: { url: …, ${key} }\`.`;

/** What other programs have in such URLs, and what it is here. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ["ssl", "Write `sslmode=verify-full` in place of `ssl`, or `sslmode=disable`."],
  ["password", "The password stands before the host: `postgres://user:${PASSWORD}@host/database`."],
  ["dbname", "The name of the database stands behind the host: `postgres://host/database`."],
  ["database", "The name of the database stands behind the host: `postgres://host/database`."],
  ["connect_timeout", BESIDE("connect_timeout", "connect_timeout: 5s")],
  ["statement_timeout", BESIDE("statement_timeout", "statement_timeout: 30s")],
  ["connection_limit", BESIDE("connection_limit", "connections: 10")],
  ["pool_size", BESIDE("pool_size", "connections: 10")],
  ["pgbouncer", BESIDE("pgbouncer", "listen: false")],
  [
    "channel_binding",
    "Leave `channel_binding` out: Bellhop cannot insist on it. `sslmode=verify-full` makes sure of the server.",
  ],
  [
    "target_session_attrs",
    "Leave `target_session_attrs` out, and name the host that always leads to the server that takes writes.",
  ],
]);

function valueFault({ name, value }: Parameter, url: PostgresUrl): string | undefined {
  if (value === "") return `\`${name}\` has no value. Write one, or leave it out.`;
  if (name === "host") return hostFault(value, url.host);
  if (name === "port" && url.port !== undefined) return TWICE("port");
  if (name === "port" && !isPort(value)) return "`port` must be a whole number from 1 to 65535.";
  if (name === "user" && url.user !== undefined) return TWICE("user");
  return undefined;
}

const TWICE = (what: string) =>
  `The ${what} stands before the question mark already. Remove it here.`;

/** With the folder of a socket, libpq's own examples and clouds' write `localhost` before the question mark. */
function hostFault(value: string, before: string): string | undefined {
  if (!value.startsWith("/"))
    return "`host` is the folder of a Unix socket, such as `/run/postgresql`. Any other host stands behind `postgres://`.";
  return before === "" || before === "localhost" ? undefined : TWICE("host");
}
