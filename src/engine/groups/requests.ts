/** Numbers requests within a block, starting at 0. A request belongs to one user. */
export class Requests {
  readonly #numbers = new Map<string, number>();

  get count(): number {
    return this.#numbers.size;
  }

  /** `key`: result of `requestKey`. */
  number(user: number, key: string): number {
    const own = `${user} ${key}`;
    const known = this.#numbers.get(own);
    if (known !== undefined) return known;
    this.#numbers.set(own, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  /** -1 for a request without a group. */
  find(user: number, key: string): number {
    return this.#numbers.get(`${user} ${key}`) ?? -1;
  }
}
