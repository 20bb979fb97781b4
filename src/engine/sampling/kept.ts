/** Results kept by key, up to a sum of weights; those that were not used for longest make room. The newest is always kept. */
export class Kept<T> {
  readonly #entries = new Map<string, T>();
  #weight = 0;

  constructor(
    private readonly most: number,
    private readonly weigh: (value: T) => number = () => 1,
  ) {}

  /** The value of a key, made where it is not there. A failure is not kept. */
  async get(key: string, make: () => Promise<T> | T): Promise<T> {
    const known = this.peek(key);
    if (known !== undefined) return known;
    const made = await make();
    this.keep(key, made);
    return made;
  }

  /** The value of a key, if it is there. */
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
