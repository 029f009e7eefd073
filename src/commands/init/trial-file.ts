import type { Plan } from "./plan.ts";
import { sourceStarter, type TrialStarter } from "./starters.ts";
import { yamlName } from "./yaml-name.ts";

/** The text of a plan's `config.test.yaml`: for each type of source, what comes of its samples. */
export function trialFile(plan: Plan): string {
  const types = [...new Set(plan.sources.map((one) => one.type))];
  return `${HEAD}${types.map((type) => trialsOf(type, plan)).join("")}`;
}

const HEAD = `# yaml-language-server: $schema=./test.schema.json
#
# Tests of config.yaml, which \`bellhop test\` runs: what comes in, and what must come of it.
# Leave an \`expect:\` empty, and \`bellhop test --update\` writes what comes.

tests:
`;

function trialsOf(type: string, { sources, destinations }: Plan): string {
  const { trials, route } = sourceStarter(type);
  const [source, ...others] = sources.filter((one) => one.type === type);
  // Which of several sources a payload belongs to cannot be seen from it.
  const named =
    source === undefined || others.length === 0 ? [] : [`source: ${yamlName(source.name)}`];
  const sent = destinations.map(({ name }) => yamlName(name)).join(", ");
  const entries = trials.map((trial) =>
    entry(trial.name, [
      ...payloads(type, trial),
      ...named,
      "expect:",
      `  changes: [${trial.changes.join(", ")}]`,
      `  routes: [${route.name}]`,
      `  sent: [${sent}]`,
    ]),
  );
  return entries.join("");
}

function payloads(type: string, { sample, before }: TrialStarter): string[] {
  const path = (name: string) => `samples/${type}/${name}.json`;
  const earlier = before === undefined ? [] : [`before: ${path(before)}`];
  return [`payload: ${path(sample)}`, ...earlier];
}

function entry(name: string, lines: readonly string[]): string {
  return [`  - name: ${name}`, ...lines.map((line) => `    ${line}`), "", ""].join("\n");
}
