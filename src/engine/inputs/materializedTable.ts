/** A database table that holds the content for one key at a time. */
export class MaterializedTable {
  #key: string | null = null;

  /**
   * Builds the table unless it already belongs to this key. After a failure or a cancellation its content is unknown,
   * so it is built again.
   */
  async ensure(key: string, make: () => Promise<unknown>): Promise<void> {
    if (this.#key === key) return;
    this.#key = null;
    await make();
    this.#key = key;
  }
}
