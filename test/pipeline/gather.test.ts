import { expect, it } from "vitest";
import { Gather } from "../../src/pipeline/gather.ts";

/** Items whose writes end when they are told to. */
function held() {
  const writes: (() => void)[] = [];
  const gather = new Gather<number, number>({
    write: (items) =>
      new Promise((resolve) => {
        writes.push(() => resolve(items));
      }),
    fitting: (items) => items.length,
  });
  return { gather, endAll: () => writes.splice(0).forEach((end) => end()) };
}

it("is pressed while many items wait", async () => {
  const { gather, endAll } = held();

  const few = gather.isPressed;
  const added = Array.from({ length: 20 }, (_, index) => gather.add(index));
  const waiting = gather.isPressed;
  const end = setInterval(endAll, 1);
  await Promise.all(added);
  clearInterval(end);

  expect([few, waiting]).toEqual([false, true]);
});

it("is not pressed by one item after the other", async () => {
  const { gather, endAll } = held();
  const end = setInterval(endAll, 1);

  for (let item = 0; item < 10; item += 1) {
    await gather.add(item);
    expect(gather.isPressed).toBe(false);
  }

  clearInterval(end);
});
