import { Environment } from "@marcbachmann/cel-js";
import type { Facts } from "../../core/facts.ts";
import type { Matcher } from "../../core/match.ts";
import { registerNumbers } from "./cel-numbers.ts";
import { celFacts } from "./cel-facts.ts";
import { checkCel } from "./cel-check.ts";
import type { CelFlaw } from "./cel-fields.ts";

/** A compiled `when`: ready for events, or what is wrong with it. */
export type When = { readonly matcher: Matcher } | { readonly flaws: readonly CelFlaw[] };

/**
 * Compiles a CEL condition once, for all events; `shown` is the condition as the config writes it.
 * An evaluation error, such as a fact that an event lacks, is a miss.
 * https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
export function compileWhen(text: string, shown: string = text): When {
  const flaws = checkCel(text);
  if (flaws.length > 0) return { flaws };
  const evaluate = evaluation.parse(text);
  const expectation = { path: "when", expected: shown };
  const missOf = (facts: Facts) => {
    try {
      const result: unknown = evaluate(celFacts(facts));
      return result === true ? undefined : { ...expectation, actual: String(result) };
    } catch (error) {
      return { ...expectation, actual: `an error: ${reason(error)}` };
    }
  };
  return { matcher: Object.assign(missOf, { expectations: [expectation] }) };
}

/** Facts are plain data here: their types were checked at load, and a vendor's payload has none. */
const evaluation = registerNumbers(new Environment({ unlistedVariablesAreDyn: true }));

function reason(error: unknown): string {
  if (!(error instanceof Error)) return "it could not be evaluated";
  return "summary" in error && typeof error.summary === "string" ? error.summary : error.message;
}
