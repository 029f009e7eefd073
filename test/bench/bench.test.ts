import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { BENCHES } from "../../bench/benches/index.ts";
import type { Figure } from "../../bench/figure.ts";

const BENCH = new URL("../../bench/bench.ts", import.meta.url).pathname;

async function bench(...args: string[]) {
  const child = spawn(process.execPath, [BENCH, ...args], { stdio: "pipe" });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  await once(child, "close");
  return { code: child.exitCode, out, err };
}

interface Written {
  readonly machine: { readonly processors: number };
  readonly results: readonly { readonly bench: string; readonly figures: readonly Figure[] }[];
}

describe("npm run bench", { timeout: 600_000 }, () => {
  it("measures what it is asked for, here with little work, and tells it as JSON", async () => {
    const asked = ["intake", "latency", "end-to-end", "render"];

    const { code, out, err } = await bench(...asked, "--short", "--rounds", "1", "--json");

    expect(code, err).toBe(0);
    const { machine, results } = JSON.parse(out) as Written;
    expect(machine.processors).toBeGreaterThan(0);
    expect(results.map((one) => one.bench)).toEqual(asked);
    const figures = results.flatMap((one) => one.figures);
    const beside = figures.flatMap((one) => one.beside ?? []);
    expect(figures.length).toBeGreaterThan(10);
    expect(beside.length).toBeGreaterThan(4);
    for (const { name, rounds } of [...figures, ...beside]) {
      expect(rounds, name).toHaveLength(1);
      expect(rounds[0], name).toBeGreaterThan(0);
    }
  });

  it("says what there is, where it is asked for something else", async () => {
    const { code, err } = await bench("speed");

    expect(code).toBe(2);
    for (const { name } of BENCHES) expect(err).toContain(`  ${name}`);
  });
});
