import { type Document, isMap, isPair, isScalar, type Pair, type Scalar, visit } from "yaml";
import { suggest } from "../core/suggest.ts";
import { hide, hideForms, isLikeName } from "./secret-form.ts";
import { keyText } from "./yaml-source.ts";

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
  let masked = hideReferences(hideForms(text));
  visit(document, {
    Pair: (_, pair, path) => {
      if (!isSecret(pair, path)) return;
      for (const scalar of scalarsIn(pair.value)) masked = maskScalar(masked, scalar);
    },
  });
  return document.errors.length === 0 ? masked : hideLines(masked);
}

function isSecret(pair: Pair, path: readonly unknown[]): boolean {
  const key = keyText(pair.key) ?? "";
  if (NO_SECRET.test(key) || isNamed(pair, path)) return false;
  return LIKE_SECRET.test(key) || suggest(key, SECRET_KEYS) !== undefined;
}

/** Whether the key is a name of the user's own: a source or destination may be called `webhook`. */
function isNamed(pair: Pair, path: readonly unknown[]): boolean {
  return isMap(pair.value) && path.filter((one) => isPair(one)).length === 1;
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

function maskScalar(text: string, scalar: Scalar): string {
  const [start, end] = scalar.range ?? [0, 0];
  const source = text.slice(start, end);
  const [, open = "", secret = ""] = /^(["']?(?:https?:\/\/[^/\s]+\/?)?)(.*)$/s.exec(source) ?? [];
  if (secret.replaceAll(/\$\{[^}]*\}/g, "").length < SHORTEST_SECRET) return text;
  return text.slice(0, start) + open + hide(secret) + text.slice(end);
}

/** Where the YAML is broken, a secret may stand in no value at all: what follows its key on the line is hidden. */
function hideLines(text: string): string {
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
