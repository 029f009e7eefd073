import { parser } from "@prometheus-io/lezer-promql";

/** What an expression asks for. */
export interface Query {
  readonly selectors: readonly Selector[];
  /** The labels after `by`, `on` and the like. */
  readonly grouping: readonly string[];
}

/** A metric, and what its labels must be. */
export interface Selector {
  readonly metric: string;
  readonly matches: readonly Match[];
}

/** What one label must be. */
export interface Match {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

/** Reads an expression with Prometheus' own grammar. Throws with what is left when it is not right. */
export function parseQuery(expression: string): Query {
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  const textOf = (node: { from: number; to: number } | null) =>
    node === null ? "" : expression.slice(node.from, node.to);
  const tree = parser.parse(expression);
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) throw new Error(`${expression} is wrong at "${expression.slice(from)}".`);
    },
  });
  tree.iterate({
    enter: ({ name, node }) => {
      if (name === "GroupingLabels") grouping.push(...node.getChildren("LabelName").map(textOf));
      if (name !== "VectorSelector") return;
      const matchers = node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
      const matches = matchers.map((matcher) => ({
        label: textOf(matcher.getChild("LabelName")),
        operator: textOf(matcher.getChild("MatchOp")),
        value: JSON.parse(textOf(matcher.getChild("StringLiteral"))) as string,
      }));
      selectors.push({ metric: textOf(node.getChild("Identifier")), matches });
    },
  });
  return { selectors, grouping };
}
