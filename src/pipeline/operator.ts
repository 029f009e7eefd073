import type { Message } from "../core/message.ts";
import type { Destination } from "../destinations/destination.ts";

/** What the operator's reports are made with. */
export interface OperatorParts {
  /** Where reports go, besides the log. */
  readonly destinations: () => readonly Destination[];
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: (report: Report, problem?: string) => void;
  readonly timeoutMs: number;
}

/** Something the bridge wants a person to know. */
export interface Report {
  /** What went wrong and where, such as `parked:slack:1f3a9c02`; reports of one cause are folded. */
  readonly cause: string;
  /** Whole sentences, without customer data. */
  readonly text: string;
}

/** The least time between two reports of one cause, in milliseconds; ours. */
const FOLD_MS = 600_000;

/** Tells people about the bridge's own troubles: at most one message a cause in ten minutes, and always the log. */
export class Operator {
  readonly #parts: OperatorParts;
  readonly #toldAt = new Map<string, number>();
  readonly #folded = new Map<string, number>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(parts: OperatorParts) {
    this.#parts = parts;
  }

  /** Reports, in the background; what goes wrong with that is logged. */
  tell(report: Report): void {
    const telling = this.#tell(report)
      .catch((error: unknown) => this.#parts.log(report, String(error)))
      .finally(() => this.#underWay.delete(telling));
    this.#underWay.add(telling);
  }

  /** Resolves when no report is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #tell(report: Report): Promise<void> {
    const now = this.#parts.now();
    this.#parts.log(report);
    if (now - (this.#toldAt.get(report.cause) ?? -Infinity) < FOLD_MS) {
      this.#folded.set(report.cause, (this.#folded.get(report.cause) ?? 0) + 1);
      return;
    }
    this.#toldAt.set(report.cause, now);
    const folded = this.#folded.get(report.cause) ?? 0;
    this.#folded.delete(report.cause);
    const again = folded === 0 ? "" : ` (And ${folded} more like it since the last report.)`;
    await Promise.all(
      this.#parts.destinations().map((one) => this.#post(one, report, report.text + again)),
    );
  }

  async #post(destination: Destination, report: Report, text: string): Promise<void> {
    const request = destination.compose(reportMessage(text, this.#parts.now()), "full");
    const id = this.#parts.newId();
    const now = this.#parts.now();
    const attempt = { delivery: id, event: id, number: 1, now, doubtfulSince: now };
    const signal = AbortSignal.timeout(this.#parts.timeoutMs);
    const outcome = await destination.send(request, attempt, signal);
    if (outcome.kind !== "delivered")
      this.#parts.log(report, `The operator could not be told: ${outcome.reason.text}`);
  }
}

function reportMessage(text: string, now: number): Message {
  return {
    summary: [{ type: "text", value: `Bellhop: ${text}` }],
    title: [{ type: "text", value: "Bellhop needs attention" }],
    link: null,
    tone: "warning",
    body: [{ type: "paragraph", children: [{ type: "text", value: text }] }],
    fields: [],
    buttons: [],
    footer: [],
    time: new Date(now).toISOString(),
    native: null,
  };
}
