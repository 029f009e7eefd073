import { setTimeout as pause } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { processWorker } from "../../src/pipeline/process.ts";
import { openEmptyStore } from "../store/empty-store.ts";
import { arrived } from "../store/rows.ts";

/** A worker on a store in which one event waits, of a source that nobody knows. */
async function workerOnOne(isIntakePressed: () => boolean) {
  const store = await openEmptyStore();
  onTestFinished(() => store.close());
  const webhook = arrived("key");
  await store.enqueue([webhook]);
  const seen: string[] = [];
  const worker = processWorker({
    store,
    rules: () => ({ revision: "r1", sources: new Map(), destinations: new Map(), routes: [] }),
    isIntakePressed,
    newId: (prefix) => `${prefix}_1`,
    // Events of a source that nobody knows are left to other bridges for a while.
    now: () => webhook.receivedAt + 86_400_000,
    onProcessed: (_processed, { id }) => void seen.push(id),
    onDeliveries() {},
    onError: (error) => {
      throw error;
    },
  });
  onTestFinished(() => worker.stop());
  const until = async () => {
    while (seen.length === 0) await pause(5);
  };
  return { worker, until, processed: () => seen.length };
}

it("processes nothing while intake has more to write than it can", async () => {
  const seen: number[] = [];
  const { worker, until, processed } = await workerOnOne(() => {
    seen.push(processed());
    return seen.length < 4;
  });

  worker.start();
  await until();

  expect(seen.slice(0, 4)).toEqual([0, 0, 0, 0]);
});

it("processes after a while though intake never has a pause", async () => {
  const { worker, until, processed } = await workerOnOne(() => true);

  worker.start();
  await until();

  expect(processed()).toBe(1);
});
