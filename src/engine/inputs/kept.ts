/**
 * A cache of results by key, limited by the sum of weights. It removes the least recently used results first, and
 * always keeps the newest.
 */
export class Kept<T> {
  readonly #entries = new Map<string, T>();
  #weight = 0;

  constructor(
    private readonly most: number,
    private readonly weigh: (value: T) => number = () => 1,
  ) {}

  /** The value of a key; computed if it is missing. A failure is not cached. */
  async get(key: string, make: () => Promise<T> | T): Promise<T> {
    const known = this.peek(key);
    if (known !== undefined) return known;
    const made = await make();
    this.keep(key, made);
    return made;
  }

  /** The value of a key; undefined if it is missing. */
  peek(key: string): T | undefined {
    const known = this.#entries.get(key);
    if (known === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, known);
    return known;
  }

  keep(key: string, value: T): void {
    this.#drop(key);
    this.#entries.set(key, value);
    this.#weight += this.weigh(value);
    for (const old of this.#entries.keys()) {
      if (this.#weight <= this.most || this.#entries.size === 1) break;
      this.#drop(old);
    }
  }

  #drop(key: string): void {
    const old = this.#entries.get(key);
    if (old === undefined) return;
    this.#entries.delete(key);
    this.#weight -= this.weigh(old);
  }
}
