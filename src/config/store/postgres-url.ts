import { isIPv6 } from "node:net";

/** The parts of a `postgres://` URL, decoded; its password is secret. */
export interface PostgresUrl {
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** A name, an address without brackets, or the folder of a Unix socket; empty where there is none. */
  readonly host: string;
  readonly port: string | undefined;
  /** Empty where there is none. */
  readonly database: string;
  /** In the order of the URL. */
  readonly parameters: readonly Parameter[];
}

/** One `name=value` behind the question mark, decoded, and its part of the text in UTF-16 code units, the end not included. */
export interface Parameter {
  readonly name: string;
  /** Empty where there is none. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Something wrong with one parameter of a URL. */
export interface ParameterFault {
  readonly parameter: Parameter;
  readonly message: string;
}

/** Whether a text is meant for the URL of a PostgreSQL database. */
export function isPostgresUrl(text: string): boolean {
  return /^postgres(?:ql)?:/i.test(text);
}

/**
 * The parts of a URL, or why it cannot be read, in words that never quote it: there is a password in it.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export function parsePostgresUrl(text: string): PostgresUrl | string {
  const { authority, database = "", query = "" } = FORM.exec(text)?.groups ?? {};
  if (authority === undefined || !isEncoded(text)) return UNREADABLE;
  // A password's own `@`, or what an `/` or `?` in it cut off, leaves more of them than the one before the host.
  const [, credentials, address = ""] = /^(?:([^@]*)@)?(.*)$/s.exec(authority) ?? [];
  const inCredentials = credentials === undefined ? 0 : 1;
  if (text.split("@").length - 1 > inCredentials) return UNREADABLE;
  if (address.includes(",")) return SEVERAL_HOSTS;
  if (credentials !== undefined && isIPv6(address)) return BAD_HOST;
  const { six, name = "", port } = ADDRESS.exec(address)?.groups ?? { port: "none" };
  const host = six ?? decodeURIComponent(name);
  // Without an `@`, what follows the colon may be a password.
  if (port !== undefined && !isPort(port)) return credentials === undefined ? UNREADABLE : BAD_PORT;
  if (six === undefined ? !HOST.test(host) : !isIPv6(six)) return BAD_HOST;
  const [, user = "", password] = /^([^:]*)(?::(.*))?$/s.exec(credentials ?? "") ?? [];
  if (password === "") return EMPTY_PASSWORD;
  return {
    user: user === "" ? undefined : decodeURIComponent(user),
    password: password === undefined ? undefined : decodeURIComponent(password),
    host,
    port,
    database: decodeURIComponent(database),
    parameters: parametersOf(query, text.length - query.length),
  };
}

/** Whether a text is the number of a port. */
export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/** The value of a parameter; `undefined` where it is missing. */
export function parameterOf({ parameters }: PostgresUrl, wanted: string): string | undefined {
  return parameters.find(({ name }) => name === wanted)?.value;
}

/** The folder of the Unix socket that a URL leads to; `undefined` where it leads over the network. */
export function socketOf(url: PostgresUrl): string | undefined {
  return url.host.startsWith("/") ? url.host : parameterOf(url, "host");
}

/** Without a fragment, which no database has: a `#` belongs to a password, where it must be encoded. */
const FORM =
  /^postgres(?:ql)?:\/\/(?<authority>[^/?#]*)(?:\/(?<database>[^/?#]*))?(?:\?(?<query>[^#]*))?$/is;

const ADDRESS = /^(?:\[(?<six>[^\]]*)\]|(?<name>[^:[\]]*))(?::(?<port>.*))?$/s;

/** A name, an address, the folder of a Unix socket, or nothing. */
const HOST = /^(?:[\w.-]*|\/.*)$/s;

const UNREADABLE =
  "This is no URL that can be read. It is `postgres://user:${PASSWORD}@host:port/database`, where special characters of the password must be percent-encoded: `@` is `%40`, `:` `%3A`, `/` `%2F`, `?` `%3F`, `#` `%23`, `%` `%25`, and a blank `%20`.";

const EMPTY_PASSWORD =
  "The password is empty: behind the user and its colon stands nothing. Without a password, leave the colon out.";

const SEVERAL_HOSTS =
  "This names more than one host. Name one that always leads to the server that takes writes, such as the address of a proxy.";

const BAD_PORT = "The port in this URL must be a whole number from 1 to 65535.";

const BAD_HOST =
  "The host is neither a name nor an address. An IPv6 address stands in brackets, and the folder of a Unix socket behind `?host=`.";

function isEncoded(text: string): boolean {
  if (!/^(?:[^%\s\p{Cc}]|%(?!00)[0-9a-f]{2})*$/iu.test(text) || !text.isWellFormed()) return false;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Unlike in a form, a `+` is a plus here: so it is to PostgreSQL's own programs. */
function parametersOf(query: string, offset: number): Parameter[] {
  const parameters: Parameter[] = [];
  let start = offset;
  for (const part of query.split("&")) {
    const [name = "", ...value] = part.split("=");
    const end = start + part.length;
    const decoded = {
      name: decodeURIComponent(name),
      value: decodeURIComponent(value.join("=")),
    };
    if (part !== "") parameters.push({ ...decoded, start, end });
    start = end + 1;
  }
  return parameters;
}
