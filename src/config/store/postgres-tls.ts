import { didYouMean } from "../../core/suggest.ts";
import { nameList } from "../yaml/name-list.ts";
import {
  type Parameter,
  type ParameterFault,
  parameterOf,
  type PostgresUrl,
  socketOf,
} from "./postgres-url.ts";

/** The parameters that name files. */
export const TLS_FILES: readonly string[] = ["sslrootcert", "sslcert", "sslkey"];

/** The parameters that are about TLS. */
export const TLS_PARAMETERS: readonly string[] = [
  "sslmode",
  ...TLS_FILES,
  "sslnegotiation",
  "uselibpqcompat",
];

/** In place of a file's name, what the system trusts: Node brings its own list, which is used without a word. */
export const SYSTEM_ROOTS = "system";

/** As `pg` has them; what it calls `require` and `verify-ca` is `verify-full`, unless it is to be like libpq. */
export const MODES = ["disable", "no-verify", "require", "verify-ca", "verify-full"] as const;

/** Modes of libpq that may come down to no encryption at all. https://www.postgresql.org/docs/current/libpq-ssl.html */
const MAY_BE_PLAIN: ReadonlySet<string> = new Set(["allow", "prefer"]);

/** What is wrong with the parameters about TLS: values that there are not, and what would do nothing or not what it says. */
export function tlsFaults(url: PostgresUrl): ParameterFault[] {
  return url.parameters.flatMap((parameter) => {
    if (parameter.value === "") return [];
    const message = tlsFault(parameter, url);
    return message === undefined ? [] : [{ parameter, message }];
  });
}

function tlsFault(parameter: Parameter, url: PostgresUrl): string | undefined {
  const { name, value } = parameter;
  if (!TLS_PARAMETERS.includes(name)) return undefined;
  const mode = parameterOf(url, "sslmode");
  if (socketOf(url) !== undefined && value !== "disable")
    return `A Unix socket does not leave the machine and takes no TLS. Leave \`${name}\` out.`;
  if (name === "sslmode") return modeFault(value, url);
  if (name === "uselibpqcompat") return compatFault(value, mode);
  if (mode === "disable" && value !== "postgres")
    return `\`${name}\` does nothing with \`sslmode=disable\`. Remove one of the two.`;
  if (name === "sslnegotiation") return NEGOTIATIONS.has(value) ? undefined : BAD_NEGOTIATION;
  if (name === "sslrootcert") return rootFault(value, url);
  const other = name === "sslcert" ? "sslkey" : "sslcert";
  if (parameterOf(url, other) !== undefined) return undefined;
  return `\`${name}\` needs \`${other}\` beside it: a certificate and its key belong together.`;
}

function modeFault(mode: string, url: PostgresUrl): string | undefined {
  const isLikeLibpq = parameterOf(url, "uselibpqcompat") === "true";
  if (MAY_BE_PLAIN.has(mode))
    return `\`sslmode=${mode}\` promises no encryption at all. Write \`verify-full\`, or \`disable\` where none is needed.`;
  if (!MODES.some((one) => one === mode)) {
    const meant = didYouMean(mode, MODES);
    return `This is no \`sslmode\`.${meant === "" ? ` It can be ${nameList(MODES, "or")}.` : meant}`;
  }
  if (isLikeLibpq && mode === "no-verify")
    return "With `uselibpqcompat=true`, this mode is called `require`.";
  if (isLikeLibpq && mode === "verify-ca" && parameterOf(url, "sslrootcert") === undefined)
    return "With `uselibpqcompat=true`, `verify-ca` needs `sslrootcert`: a public authority vouches for anybody.";
  return undefined;
}

function compatFault(value: string, mode: string | undefined): string | undefined {
  if (value !== "true" && value !== "false") return "`uselibpqcompat` must be `true` or `false`.";
  if (value === "false" || mode !== undefined) return undefined;
  return "`uselibpqcompat=true` says how `sslmode` is meant, and there is none. Add `sslmode=verify-full`.";
}

/** As the server answers a request for TLS, or at once, which PostgreSQL knows from version 17 on. */
const NEGOTIATIONS: ReadonlySet<string> = new Set(["postgres", "direct"]);

const BAD_NEGOTIATION = "`sslnegotiation` must be `postgres` or `direct`.";

function rootFault(file: string, url: PostgresUrl): string | undefined {
  const mode = parameterOf(url, "sslmode");
  if (mode === "no-verify")
    return "`sslrootcert` does nothing with `sslmode=no-verify`. Write `sslmode=verify-full`, which checks the server against it.";
  if (file === SYSTEM_ROOTS && modeOf(url) !== "verify-full")
    return "`sslrootcert=system` needs `sslmode=verify-full`: a public authority vouches for anybody.";
  return undefined;
}

/** How a connection is made safe; `undefined` where the URL says nothing of it. */
export function modeOf(url: PostgresUrl): string | undefined {
  const mode = parameterOf(url, "sslmode");
  if (mode === "disable" || mode === "no-verify") return mode;
  if (parameterOf(url, "uselibpqcompat") === "true") return mode;
  const isTls = [...TLS_FILES, "sslnegotiation"].some((one) => parameterOf(url, one) !== undefined);
  return mode !== undefined || isTls ? "verify-full" : undefined;
}
