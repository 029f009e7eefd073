import { parseDuration } from "../core/duration.ts";
import { type Flaw, flaw } from "./yaml/flaw.ts";
import { type Path, valueAt } from "./yaml/path.ts";

/** What is used where the file is silent, as in the schema. */
const DEFAULTS = { give_up_after: "72h", deliveries: "90d" } as const;

/** Things that are to be kept for less time than something else needs them; `shown` is a value as the file has it. */
export function retentionFlaws(value: unknown, shown: (path: Path) => string | undefined): Flaw[] {
  const at = (path: Path, usual?: string): Given => {
    const given = valueAt(value, path) ?? usual;
    const ms = typeof given === "string" ? parseDuration(given) : undefined;
    return { path, ms, text: shown(path) ?? usual ?? "" };
  };
  const giveUp = at(["delivery", "give_up_after"], DEFAULTS.give_up_after);
  const deliveries = at(["retention", "deliveries"], DEFAULTS.deliveries);
  const payloads = at(["retention", "payloads"]);
  return [
    ...lessThan(giveUp, [payloads, deliveries]).map(({ path }) =>
      flaw(
        path,
        `\`${path.at(-1)}\` must not be less than \`delivery.give_up_after\`, which is ${giveUp.text}: until then a message may have to be made.`,
      ),
    ),
    ...lessThan(payloads, [deliveries]).map(({ text }) =>
      flaw(
        payloads.path,
        `\`payloads\` must not be more than \`deliveries\`, which is ${text}: a payload goes with its event.`,
      ),
    ),
  ];
}

interface Given {
  readonly path: Path;
  readonly ms: number | undefined;
  readonly text: string;
}

function lessThan(most: Given, all: readonly Given[]): Given[] {
  const { ms } = most;
  return all.filter((one) => one.ms !== undefined && ms !== undefined && one.ms < ms);
}
