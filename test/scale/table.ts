import { aligned } from "../../bench/table.ts";
import type { Pass } from "./scale.ts";
import { type Measured, type Phase, PHASES } from "./round.ts";

/** What was measured, for people: how much a second, and what one event or delivery cost. */
export function table(passes: readonly Pass[]): string {
  return [
    aligned([["", "", ...PHASES], ...rates(passes), ...raws(passes)]),
    `a second; in brackets, how many times one bridge on SQLite in the same pass`,
    aligned([
      ["", "", "statements", "transactions", "rows", "WAL bytes", "database ms", "bridge ms"],
      ...costs(passes),
    ]),
    "for one event or delivery; milliseconds of a processor",
  ].join("\n\n");
}

function rates(passes: readonly Pass[]): string[][] {
  return namesOf(passes).map((name, index) => [
    ...name,
    ...PHASES.map((phase) =>
      passes
        .map(({ rounds }) => {
          const own = measuredAt(rounds[index]?.measured, phase).perSecond;
          const base = measuredAt(rounds[0]?.measured, phase).perSecond;
          return `${Math.round(own)} (${(own / base).toFixed(2)})`;
        })
        .join("  "),
    ),
  ]);
}

function raws(passes: readonly Pass[]): string[][] {
  const [first] = passes;
  return (first?.raws ?? []).map(({ connections }, index) => [
    "raw inserts",
    String(connections),
    passes.map((pass) => Math.round(pass.raws[index]?.perSecond ?? 0)).join("  "),
  ]);
}

function costs(passes: readonly Pass[]): string[][] {
  return PHASES.flatMap((phase) =>
    namesOf(passes).map((name, index) => {
      const all = passes.map(({ rounds }) => measuredAt(rounds[index]?.measured, phase).each);
      const mean = (of: (each: Measured["each"]) => number) =>
        all.reduce((sum, each) => sum + of(each), 0) / all.length;
      return [
        phase,
        name.join(" "),
        mean((each) => each.statements).toFixed(2),
        mean((each) => each.transactions).toFixed(3),
        mean((each) => each.rows).toFixed(2),
        mean((each) => each.walBytes).toFixed(0),
        mean((each) => each.serverCpuMs).toFixed(2),
        mean((each) => each.bridgeCpuMs).toFixed(2),
      ];
    }),
  );
}

function namesOf([first]: readonly Pass[]): string[][] {
  return (first?.rounds ?? []).map(({ store, bridges }) => [store, String(bridges)]);
}

function measuredAt(measured: readonly Measured[] | undefined, phase: Phase): Measured {
  const found = measured?.find((one) => one.phase === phase);
  if (found === undefined) throw new Error(`Nothing was measured of ${phase}.`);
  return found;
}
