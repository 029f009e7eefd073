/**
 * What destinations have in common by a key, such as all that post with one token. There is one of it in this process
 * for as long as anybody holds it, so that it outlives a change of the config and not the last destination of its key.
 */
export class InCommon<T extends object> {
  readonly #held = new Map<string, WeakRef<T>>();
  readonly #registry = new FinalizationRegistry<string>((key) => {
    // Something new may have taken the place of what is gone.
    if (this.#held.get(key)?.deref() === undefined) this.#held.delete(key);
  });

  /** The one that is held by now, or a new one. */
  of(key: string, make: () => T): T {
    const held = this.#held.get(key)?.deref();
    if (held !== undefined) return held;
    const made = make();
    this.#held.set(key, new WeakRef(made));
    this.#registry.register(made, key);
    return made;
  }
}
