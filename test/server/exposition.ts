import { parseQuery } from "../docs/promql.ts";

/** One line of `/metrics`. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric as its comments tell of it, with its lines. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Takes an answer of `/metrics` apart; names and labels are read by Prometheus' own grammar. Throws when it is not right. */
export function readExposition(text: string): Family[] {
  return text
    .trim()
    .split(/^(?=# HELP )/m)
    .map((block) => {
      const [help = "", type = "", ...lines] = block.trimEnd().split("\n");
      const [, name = "", told = ""] = /^# HELP (\S+) (.+)$/.exec(help) ?? [];
      const [, kind = ""] =
        new RegExp(`^# TYPE ${name} (counter|gauge|histogram)$`).exec(type) ?? [];
      if (name === "" || kind === "") throw new Error(`Neither help nor type: ${block}`);
      return { name, type: kind, help: told, samples: lines.filter(Boolean).map(readSample) };
    });
}

function readSample(line: string): Sample {
  const end = line.lastIndexOf(" ");
  const { selectors } = parseQuery(line.slice(0, end));
  const [selector] = selectors;
  const written = line.slice(end + 1);
  const value = Number(written);
  if (
    selector === undefined ||
    selectors.length > 1 ||
    (Number.isNaN(value) && !/^nan$/i.test(written))
  )
    throw new Error(`Not a sample: ${line}`);
  const labels = selector.matches.map(({ label, value: text }) => [label, text]);
  return { name: selector.metric, labels: Object.fromEntries(labels) as Sample["labels"], value };
}

/** The value of one series; `undefined` when there is none. */
export function valueOf(
  families: readonly Family[],
  name: string,
  labels: Sample["labels"] = {},
): number | undefined {
  return families
    .flatMap(({ samples }) => samples)
    .find(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )?.value;
}
