import type { Stores } from "./stores/stores.ts";
import type { StoreKind } from "./stores/trial-store.ts";

/** One way of making the bridge's life hard, and what is counted meanwhile. */
export interface Scenario {
  /** What the command line calls it: `kill`. */
  readonly name: string;
  /** One line for the table. */
  readonly title: string;
  /** The stores that it can run on, the first of which it takes where it may choose; both unless given. */
  readonly stores?: readonly StoreKind[];
  /** Runs it to its end; rejects only when the harness itself fails. */
  run(plan: Plan): Promise<readonly Figure[]>;
}

/** How a scenario is run. */
export interface Plan {
  /** The short form is for `npm test`. */
  readonly size: "full" | "short";
  /** What all random choices are made from. */
  readonly seed: number;
  /** Where bridges keep what they have. */
  readonly stores: Stores;
  /** Only the parts whose names hold this text, where a scenario has several; all unless given. */
  readonly only?: string;
  /** Tells people how far it is. */
  readonly progress: (text: string) => void;
  /** Tells them figures before the end, where a run takes long. */
  readonly found: (figures: readonly Figure[]) => void;
}

/** Something counted or measured, and whether it is what it should be. */
export interface Figure {
  /** `accepted events without their message`. */
  readonly name: string;
  /** As printed. */
  readonly value: string;
  /** As printed; `null` when the figure only informs. */
  readonly wanted: string | null;
  readonly holds: boolean;
}
