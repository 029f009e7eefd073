import { type Document, isMap, isPair, isScalar, type Pair, type Scalar, visit } from "yaml";
import { suggest } from "../core/suggest.ts";
import { PARAMETERS } from "./store/postgres-parameters.ts";
import { hide, hideForms, isLikeName } from "./yaml/secret-form.ts";
import { keyText } from "./yaml/source.ts";

/** The keys under which a config holds secrets. */
const SECRET_KEYS = ["token", "secrets", "webhook", "admin_token", "password"] as const;

/** What the key of a secret is called in other programs. */
const LIKE_SECRET = /token|secret|key|password|webhook|url/i;

/** A key of ours that sounds like a secret's; with a dot, a key is a path into events. */
const NO_SECRET = /^api_url$|\./;

/**
 * The text of a config, as long as before, with secrets that were written into it hidden, so that frames can be shown
 * to anyone. A reference such as `${NAME}` is no secret, its default may be; of an address the host stays.
 */
export function maskSecrets(text: string, document: Document.Parsed): string {
  const scalars = new ScalarTexts(hideReferences(hideForms(hideDatabases(text))));
  visit(document, {
    Pair: (_, pair, path) => {
      if (keyText(pair.key) === "store")
        for (const scalar of scalarsIn(pair.value)) scalars.replace(scalar, hideInUrl);
      if (!isSecret(pair, path)) return;
      for (const scalar of scalarsIn(pair.value)) scalars.replace(scalar, hideScalar);
    },
  });
  const masked = scalars.whole();
  return document.errors.length === 0 ? masked : hideValues(masked);
}

function isSecret(pair: Pair, path: readonly unknown[]): boolean {
  const key = keyText(pair.key) ?? "";
  if (NO_SECRET.test(key) || isNamed(pair, path) || isOfStore(pair, path)) return false;
  return LIKE_SECRET.test(key) || suggest(key, SECRET_KEYS) !== undefined;
}

/** Whether the key is a name of the user's own: a source or destination may be called `webhook`. */
function isNamed(pair: Pair, path: readonly unknown[]): boolean {
  return isMap(pair.value) && path.filter((one) => isPair(one)).length === 1;
}

/** Whether this is the URL of the store, in which only the password is secret. */
function isOfStore(pair: Pair, path: readonly unknown[]): boolean {
  const holder = path.findLast((one) => isPair(one));
  return keyText(pair.key) === "url" && holder !== undefined && keyText(holder.key) === "store";
}

/**
 * Hides passwords in the URLs of databases, up to the last `@` of the line, or its end where there is none: what should
 * be encoded in them may end a value early.
 */
function hideDatabases(text: string): string {
  return text.replace(
    /(\bpostg\w*:\/\/[^\s:@/[]*:)(.*(?=@)|(?!\d+(?:\W|$)).*)/gim,
    (_, open: string, secret: string) => open + hide(secret),
  );
}

/** Hides defaults, and what stands in place of a name and is none. */
function hideReferences(text: string): string {
  return text.replace(/(?<!\$)\$\{([^}\n]*)/g, (reference, inner: string) => {
    const [, name = "", rest = ""] = /^(\w*:-)?(.*)$/s.exec(inner) ?? [];
    const isName = isLikeName(inner) || /^\w+["'\]}, ]*$/.test(inner);
    return inner.startsWith("file:") || (name === "" && isName)
      ? reference
      : `\${${name}${hide(rest)}`;
  });
}

function scalarsIn(node: unknown): Scalar[] {
  const scalars: Scalar[] = [];
  if (isScalar(node)) return [node];
  visit(node as Document, { Scalar: (_, scalar) => void scalars.push(scalar) });
  return scalars;
}

/** The shortest text that is hidden, in characters; ours. */
const SHORTEST_SECRET = 4;

function hideScalar(source: string): string {
  const [, open = "", secret = ""] = /^(["']?(?:https?:\/\/[^/\s]+\/?)?)(.*)$/s.exec(source) ?? [];
  const isShort = secret.replaceAll(/\$\{[^}]*\}/g, "").length < SHORTEST_SECRET;
  return isShort ? source : open + hide(secret);
}

/** The text of a document in which scalars are replaced, all at once: a config may have thousands of secrets. */
class ScalarTexts {
  readonly #text: string;
  /** By where they are; no two overlap. */
  readonly #replaced = new Map<string, { start: number; end: number; text: string }>();

  constructor(text: string) {
    this.#text = text;
  }

  replace({ range }: Scalar, replacement: (source: string) => string): void {
    const [start, end] = range ?? [0, 0];
    const key = `${start} ${end}`;
    const source = this.#replaced.get(key)?.text ?? this.#text.slice(start, end);
    this.#replaced.set(key, { start, end, text: replacement(source) });
  }

  whole(): string {
    let whole = "";
    let from = 0;
    for (const { start, end, text } of [...this.#replaced.values()].toSorted(
      (one, other) => one.start - other.start || one.end - other.end,
    )) {
      whole += this.#text.slice(from, start) + text;
      from = end;
    }
    return whole + this.#text.slice(from);
  }
}

/** Hides the password in a database's URL, however badly that is written, and the values of unknown parameters. */
function hideInUrl(source: string): string {
  const [, scheme, rest = ""] = /^(["']?[a-z][\w+.-]*:\/\/)(.*)$/is.exec(source) ?? [];
  if (scheme === undefined) return source;
  const at = rest.lastIndexOf("@");
  if (at === -1 && !NO_CREDENTIALS.test(rest)) return scheme + hide(rest);
  const [, user = "", password = ""] =
    /^([^:@•]*:?)(.*)$/s.exec(rest.slice(0, Math.max(at, 0))) ?? [];
  const shown = rest
    .slice(Math.max(at, 0))
    .replace(/([?&])([^=&]*)=([^&"']*)/g, (parameter, mark: string, name: string, value: string) =>
      PARAMETERS.includes(name) ? parameter : `${mark}${name}=${hide(value)}`,
    );
  return scheme + user + hide(password) + shown;
}

/** A host with a port or a reference in its place, and what may follow it. */
const NO_CREDENTIALS = /^(?:[^/?#:$]|\$\{[^}]*\})*(?::(?:\d+|\$\{[^}]*\}))?(?:[/?]|["']?$)/;

/** Where the YAML is broken, a secret may stand in no value at all: what follows its key on the line is hidden. */
function hideValues(text: string): string {
  return text.replace(
    /((?:token|secret|passw|webhook)\w*["']?[ \t]*[:=])((?:[ \t]*\[[^\]\n]*|(?:\$\{[^}\n]*\}|[^,}\n])*))/gi,
    (_, open: string, rest: string) =>
      open + rest.replace(/(?:\$\{[^}]*\}|[^\s"'[\],])+/g, (part) => hideUnlessReference(part)),
  );
}

/** What begins a reference that has no end was shown by then as far as it is a name. */
function hideUnlessReference(part: string): string {
  return /^\$\{[A-Z]\w*$/i.test(part) ? part : hide(part);
}
