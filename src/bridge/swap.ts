import type { Config } from "../config/config.ts";
import type { Destination } from "../destinations/destination.ts";
import type { LaneOf } from "../store/store.ts";
import { lanesOf } from "./live.ts";
import type { StepParts, Steps } from "./steps.ts";

/** What a config is put into use with. */
export interface SwapParts extends StepParts {
  readonly steps: Steps;
}

/**
 * Has a config take the place of the one before, as a whole: no event is decided, and no attempt made, half by one and
 * half by the other. What waits goes along to the lanes that its destination has from now on, behind attempts that are
 * under way there. Rejects when the store cannot be written; then nothing has changed.
 */
export async function swap(parts: SwapParts, config: Config): Promise<void> {
  const { live, steps, ground } = parts;
  // Loading the platforms' clients blocks the event loop for a while: better before webhooks come than between them.
  await Promise.all(config.destinations.map((one) => one.open().catch(ground.onError)));
  await moveLanes(parts, live.lanes, lanesOf(config), () => live.use(config));
  steps.process.wake();
}

/** Has the operator told what is to be told, now that this may go elsewhere than to the destinations before. */
export function tellOperator({ live, steps }: SwapParts, before: readonly Destination[]): void {
  const isElsewhere =
    before.length !== live.operator.length ||
    before.some(({ lane }, index) => lane !== live.operator[index]?.lane);
  if (isElsewhere) steps.operator.moved();
  else steps.operator.wake();
}

/**
 * Points what waits in the lanes that destinations had at those that they have now, and tries what is parked. `then` is
 * done in the same pause.
 */
export async function moveLanes(
  { steps, store, ground }: SwapParts,
  before: readonly LaneOf[],
  after: readonly LaneOf[],
  then: () => void = () => undefined,
): Promise<void> {
  const work = async () => {
    await store.align(after, ground.now());
    then();
  };
  await steps.deliver.between(movedLanes(before, after), () => steps.process.between(work));
}

/** The lanes that destinations leave, and those that they leave them for. */
function movedLanes(before: readonly LaneOf[], after: readonly LaneOf[]): string[] {
  const lanes = new Map(before.map(({ destination, lane }) => [destination, lane]));
  return after.flatMap(({ destination, lane }) => {
    const old = lanes.get(destination);
    return old === undefined || old === lane ? [] : [old, lane];
  });
}
