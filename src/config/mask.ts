import { type Document, isScalar, type Scalar, visit } from "yaml";
import { suggest } from "../core/suggest.ts";
import { keyText } from "./yaml-source.ts";

/** The keys under which a config holds secrets. */
const SECRET_KEYS = ["token", "secrets", "webhook", "admin_token", "password"] as const;

/**
 * The text of a config, as long as before, with secrets that were written into it hidden, so that frames can be shown
 * to anyone. A reference such as `${NAME}` is no secret; of an address the host stays.
 */
export function maskSecrets(text: string, document: Document.Parsed): string {
  let masked = text;
  visit(document, {
    Pair: (_, pair) => {
      if (suggest(keyText(pair.key) ?? "", SECRET_KEYS) === undefined) return;
      for (const scalar of scalarsIn(pair.value)) masked = maskScalar(masked, scalar);
    },
  });
  return masked;
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
  if (source.includes("${")) return text;
  const [, open = "", secret = ""] = /^(["']?(?:https?:\/\/[^/\s]+\/?)?)(.*)$/s.exec(source) ?? [];
  if (secret.length < SHORTEST_SECRET) return text;
  return text.slice(0, start) + open + secret.replace(/[^\s"']/g, "•") + text.slice(end);
}
