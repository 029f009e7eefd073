import type { Problem } from "../core/problem.ts";
import { FACTS_SHAPE, type Shape } from "../core/shape.ts";
import { checkProgram } from "./check-statement.ts";
import { type Wording, Checking } from "./checking.ts";
import type { Piece } from "./piece.ts";
import { ANY, rootScope } from "./scope.ts";

/** A piece of a template, and whether the template lets values in as Markdown. */
export interface Checked {
  readonly piece: Piece;
  readonly isRawAllowed: boolean;
}

/**
 * Every path, helper and partial in the pieces that no event can satisfy, and all that Handlebars cannot read.
 * A partial is checked where it is used, with what it is given there; one that is used nowhere, as if given anything.
 */
export function typecheck(
  pieces: readonly Checked[],
  partials: ReadonlyMap<string, Piece>,
): { readonly problems: readonly Problem[]; readonly usedPartials: ReadonlySet<string> } {
  const checking = new Checking(partials, asMistake, false);
  check(pieces, FACTS_SHAPE, checking);
  const used = new Set(checking.used);
  for (const [name, piece] of partials) {
    if (checking.used.has(name)) continue;
    const scope = { ...rootScope(FACTS_SHAPE), context: ANY };
    const at = { checking, piece, isRawAllowed: true, inside: new Set([name]), block: null };
    checkProgram(checking.parse(piece), scope, at);
  }
  return { problems: checking.problems, usedPartials: used };
}

/**
 * What the pieces of a template without mistakes show or compare in vain, when only events of a narrower shape come to
 * it, in which `NOTHING` stands for what they never have. Partials are passed over, as others may use them too.
 */
export function checkInVain(
  pieces: readonly Checked[],
  partials: ReadonlyMap<string, Piece>,
  facts: Shape,
  why: string,
): readonly Problem[] {
  const checking = new Checking(partials, inVain(why), true);
  check(pieces, facts, checking);
  return checking.problems;
}

function check(pieces: readonly Checked[], facts: Shape, checking: Checking): void {
  for (const { piece, isRawAllowed } of pieces) {
    const at = { checking, piece, isRawAllowed, inside: new Set<string>(), block: null };
    checkProgram(checking.parse(piece), rootScope(facts), at);
  }
}

const asMistake: Wording = (found) =>
  "mistake" in found ? { severity: "error", message: found.mistake } : undefined;

function inVain(why: string): Wording {
  return (found, { inside }) => {
    if (inside.size > 0) return undefined;
    const message =
      "mistake" in found
        ? `This never holds here: ${why}.`
        : `There is never a "${found.text}" to show here: ${why}.`;
    return { severity: "warning", message };
  };
}
