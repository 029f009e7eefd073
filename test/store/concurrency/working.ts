import type { LaneOf, Processed, StoredEvent, StoredSnapshot } from "../../../src/store/store.ts";
import { saidIn } from "./town.ts";

/** What the process step makes of an event: its deliveries, and a snapshot of all that its subject has been through. */
export function working(
  config: readonly LaneOf[],
  newId: (prefix: string) => string,
): (event: Pick<StoredEvent, "body">, before: StoredSnapshot | undefined) => Processed {
  return ({ body }, before) => {
    const { number, subject, to } = saidIn(body);
    const deliveries = config
      .filter((_, index) => to.includes(index))
      .map((lane) => ({ ...lane, id: newId("dlv"), route: "all", template: null }));
    return {
      status: deliveries.length === 0 ? "unrouted" : "sent",
      changes: [],
      verdicts: null,
      deliveries,
      snapshot: {
        subject,
        time: "2026-11-22T10:00:00Z",
        state: { processed: [...numbersIn(before), number] },
      },
      revision: "r1",
      error: null,
      reports: number % 4 === 0 ? [{ cause: `came:${number % 3}`, text: "Processed." }] : [],
    };
  };
}

function numbersIn(snapshot: StoredSnapshot | undefined): readonly number[] {
  return (snapshot?.state["processed"] as readonly number[] | undefined) ?? [];
}
