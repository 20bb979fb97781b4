/** A table of the database that is made for one key at a time. */
export class MadeTable {
  #key: string | null = null;

  /** Makes the table unless it is the one of this key. After a failure or a cancellation nobody knows which one it is: it is made again. */
  async ensure(key: string, make: () => Promise<unknown>): Promise<void> {
    if (this.#key === key) return;
    this.#key = null;
    await make();
    this.#key = key;
  }
}
