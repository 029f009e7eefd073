import type { Change } from "../core/change.ts";
import type { SourceEvent } from "../core/event.ts";
import type { Snapshot, Source } from "../sources/source.ts";
import type { RecordedEvent } from "../store/store.ts";
import type { Sides } from "./compare.ts";

/** What the sources of two configs tell of a recorded event; `null` where a config has no such source. */
export interface Retold extends Sides<Told | null> {
  /** Whether the changes are those that were recorded, because the state before the event is not known any more. */
  readonly isAsRecorded: boolean;
}

/** An event as the source of one config tells it. */
export interface Told {
  readonly event: SourceEvent;
  readonly source: Source;
  readonly changes: readonly Change[];
}

/** The payload of the subject's event before this one; `undefined` when it is not known any more. */
export type Earlier = () => Promise<Uint8Array | undefined>;

/**
 * Has recorded events told by the sources of two configs, in the order of their arrival. Changes are as they were
 * recorded, but where the configs tell them differently. A state that comes whole is compared with the one before it,
 * which each config keeps for itself.
 */
export class Retelling {
  readonly #teller: Sides<Teller>;
  readonly #sources: Sides<ReadonlyMap<string, Source>>;

  /** `mostChars` bounds what is kept in memory of each config's customers. */
  constructor(sources: Sides<ReadonlyMap<string, Source>>, mostChars = MOST_CHARS) {
    this.#sources = sources;
    this.#teller = {
      today: new Teller(sources.today, mostChars),
      other: new Teller(sources.other, mostChars),
    };
  }

  /** Rejects with a `PayloadError` when the payload cannot be read. */
  async tell(recorded: RecordedEvent, earlier: Earlier): Promise<Retold> {
    const told = this.#tellAlike(recorded);
    if (told !== null) return { today: told, other: told, isAsRecorded: false };
    let payload: ReturnType<Earlier> | undefined;
    const once = () => (payload ??= earlier());
    const today = await this.#teller.today.tell(recorded, once);
    const other = await this.#teller.other.tell(recorded, once);
    const isAsRecorded = [today, other].some((one) => one?.own === null);
    const isTheirOwn = !isAsRecorded && today && other && !areEqual(today.own, other.own);
    const asTold = (one: Understood | null): Told | null => {
      if (one === null) return null;
      const { event, source, own } = one;
      return { event, source, changes: (isTheirOwn ? own : null) ?? recorded.changes };
    };
    return { today: asTold(today), other: asTold(other), isAsRecorded };
  }

  /** What was recorded, where both configs would tell it just so; `null` where they may differ. */
  #tellAlike(recorded: RecordedEvent): Told | null {
    const today = this.#sources.today.get(recorded.source);
    const other = this.#sources.other.get(recorded.source);
    if (today === undefined || today.type !== other?.type || today.manner !== other.manner)
      return null;
    return { event: today.parse(recorded.body), source: today, changes: recorded.changes };
  }
}

interface Understood extends Pick<Told, "event" | "source"> {
  /** The changes that the source itself finds; `null` when it cannot know them without the state before. */
  readonly own: readonly Change[] | null;
}

/** The most characters of last states that are kept in memory; ours: any other is read from its payload again. */
const MOST_CHARS = 33_554_432;

/** One config's sources, with what they last knew of each subject. */
class Teller {
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #known: KnownStates;

  constructor(sources: ReadonlyMap<string, Source>, mostChars: number) {
    this.#sources = sources;
    this.#known = new KnownStates(mostChars);
  }

  async tell(recorded: RecordedEvent, earlier: Earlier): Promise<Understood | null> {
    const source = this.#sources.get(recorded.source);
    if (source === undefined) return null;
    const event = source.parse(recorded.body);
    return { event, source, own: await this.#changesOf(event, source, earlier) };
  }

  async #changesOf(
    event: SourceEvent,
    source: Source,
    earlier: Earlier,
  ): Promise<readonly Change[] | null> {
    const key = JSON.stringify([source.name, event.subject]);
    const known = this.#known.get(key);
    const comparison = source.changes(event, known);
    if (comparison.isStale) return null;
    if (comparison.snapshot === undefined) return comparison.changes;
    this.#known.set(key, comparison.snapshot);
    if (known !== undefined) return comparison.changes;
    const before = stateIn(await earlier(), source);
    const compared = before && source.changes(event, before);
    return compared === undefined || compared.isStale ? null : compared.changes;
  }
}

/** What was last known of subjects, as JSON, which takes a fraction of the memory; the longest unchanged are forgotten first. */
class KnownStates {
  readonly #texts = new Map<string, string>();
  readonly #mostChars: number;
  #chars = 0;

  constructor(mostChars: number) {
    this.#mostChars = mostChars;
  }

  get(key: string): Snapshot | undefined {
    const text = this.#texts.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as Snapshot);
  }

  set(key: string, snapshot: Snapshot): void {
    const text = JSON.stringify(snapshot);
    this.#forget(key);
    this.#texts.set(key, text);
    this.#chars += text.length;
    for (const oldest of this.#texts.keys()) {
      if (this.#chars <= this.#mostChars) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#chars -= this.#texts.get(key)?.length ?? 0;
    this.#texts.delete(key);
  }
}

function stateIn(payload: Uint8Array | undefined, source: Source): Snapshot | undefined {
  if (payload === undefined) return undefined;
  const comparison = source.changes(source.parse(payload), undefined);
  return comparison.isStale ? undefined : comparison.snapshot;
}

function areEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
