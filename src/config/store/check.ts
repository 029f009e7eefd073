import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { doubt, type Flaw, flaw, type Span } from "../yaml/flaw.ts";
import { entriesOf, type Path, valueAt } from "../yaml/path.ts";
import { parameterFaults } from "./postgres-parameters.ts";
import { modeOf, SYSTEM_ROOTS, TLS_FILES, tlsFaults } from "./postgres-tls.ts";
import {
  isPostgresUrl,
  type ParameterFault,
  parsePostgresUrl,
  type PostgresUrl,
  socketOf,
} from "./postgres-url.ts";
import { POSTGRES_KEYS } from "../schema/store-config.ts";

/** What the setting of the store is held against. */
export interface StoreCheck {
  /** The values of the file, which need not be valid. */
  readonly value: unknown;
  /** The folder that paths are relative to. */
  readonly folder: string;
  /** Where a part of the text at a path stands in the file. */
  readonly spanOf: (path: Path, start: number, end: number) => Span | undefined;
}

/** What is wrong with the store's URL and the keys beside it; no message quotes a password. */
export function storeFlaws(check: StoreCheck): Flaw[] {
  const store = valueAt(check.value, ["store"]);
  const path = typeof store === "string" ? ["store"] : ["store", "url"];
  const text = valueAt(check.value, path);
  if (typeof text !== "string") return [];
  if (isPostgresUrl(text)) return postgresFlaws(text, path, check);
  const file = /^sqlite:(?<file>.+)$/s.exec(text)?.groups?.["file"];
  if (file === undefined) return [flaw(path, `\`${path.at(-1)}\` ${NO_STORE}`)];
  return [
    ...(file.includes("\u0000") ? [flaw(path, NO_PATH)] : []),
    ...(isFolder(resolve(check.folder, file)) ? [flaw(path, IN_FOLDER)] : []),
    ...entriesOf(store)
      .filter(([key]) => POSTGRES_KEYS.includes(key))
      .map(([key]) =>
        flaw(["store", key], `\`${key}\` is for PostgreSQL alone. ${LEAVE_OUT}`, "key"),
      ),
  ];
}

const NO_STORE =
  "must be `sqlite:` and the path of a file, such as `sqlite:./data/bellhop.db`, or the URL of a PostgreSQL database, `postgres://user:${PASSWORD}@host/database`.";

const IN_FOLDER =
  "The store is a file, and this is a folder. Add a file's name, such as `/bellhop.db`.";

const LEAVE_OUT = "Leave it out: a store in a file has no connections.";

const NO_PATH = "There is a zero byte in this path, which no file can have. Write it anew.";

/** Whether a folder is found there; what cannot be looked at is told when it is opened. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function postgresFlaws(text: string, path: Path, { folder, spanOf }: StoreCheck): Flaw[] {
  const url = parsePostgresUrl(text);
  if (typeof url === "string") return [flaw(path, url)];
  const inPart = ({ parameter, message }: ParameterFault) =>
    flaw(path, message, spanOf(path, parameter.start, parameter.end));
  const faults = [...parameterFaults(url), ...tlsFaults(url), ...fileFaults(url, folder)];
  const flaws = [...placeFaults(url).map((message) => flaw(path, message)), ...faults.map(inPart)];
  return flaws.length === 0 && isInTheClear(url) ? [doubt(path, IN_THE_CLEAR)] : flaws;
}

function placeFaults(url: PostgresUrl): string[] {
  return [
    ...(url.host === "" && socketOf(url) === undefined ? [NO_HOST] : []),
    ...(url.database === "" ? [NO_DATABASE] : []),
    ...(/[/?#]/.test(url.database) ? [ODD_DATABASE] : []),
  ];
}

const NO_HOST =
  "This URL names no host. Write one, such as `postgres://localhost/bellhop`, or the folder of a Unix socket, as in `postgres:///bellhop?host=/run/postgresql`.";

const NO_DATABASE =
  "This URL names no database. Its name stands behind the host, as in `postgres://localhost/bellhop`.";

const ODD_DATABASE =
  "The name of the database has a `/`, `?` or `#` in it, which cannot be told to PostgreSQL in a URL. Use a database with another name.";

/** Files that TLS needs, and that cannot be read. */
function fileFaults({ parameters }: PostgresUrl, folder: string): ParameterFault[] {
  return parameters.flatMap((parameter) => {
    const { name, value } = parameter;
    if (!TLS_FILES.includes(name) || value === "" || value === SYSTEM_ROOTS) return [];
    const message = troubleWith(name, resolve(folder, value));
    return message === undefined ? [] : [{ parameter, message }];
  });
}

function troubleWith(name: string, file: string): string | undefined {
  try {
    accessSync(file, constants.R_OK);
    return statSync(file).isFile() ? undefined : `\`${name}\` must be a file, and this is none.`;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code !== "ENOENT") return `The file of \`${name}\` cannot be read (${code}).`;
    return `There is no such file. \`${name}\` is looked for from the folder of this config.`;
  }
}

/** Whether what is kept in the store would cross a network without anybody having said that it may. */
function isInTheClear(url: PostgresUrl): boolean {
  return socketOf(url) === undefined && modeOf(url) === undefined && !LOOPBACK.test(url.host);
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1)$/i;

const IN_THE_CLEAR =
  "The database is on another machine, and nothing says that the way there is encrypted: its password and your customers' data could be read on it. Add `sslmode=verify-full` to the URL, or `sslmode=disable` where the network itself is safe.";
