import { u8At } from '../../core/valueAt.ts';

/** A growing byte buffer. Returned arrays are valid until the next write. */
export class GrowingBytes {
  #bytes = new Uint8Array(1024);
  length = 0;

  /**
   * Adds space for more bytes. The new space holds arbitrary bytes until you overwrite it.
   * @returns where the new space begins
   */
  reserve(more: number): number {
    const from = this.length;
    this.length += more;
    if (this.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return from;
  }

  append(bytes: Uint8Array): void {
    const from = this.reserve(bytes.length);
    this.#bytes.set(bytes, from);
  }

  /** The whole buffer, including unused capacity, to write into. */
  get all(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /** The bytes written so far, from the beginning of a buffer. */
  get filled(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }
}

const zero = new Uint8Array(1);

/** Growing bits, least significant first, as in Arrow. */
export class GrowingBits {
  readonly #bytes = new GrowingBytes();
  length = 0;

  push(bit: boolean): void {
    if (this.length % 8 === 0) this.#bytes.append(zero);
    if (bit) this.#bytes.all[this.length >> 3] = u8At(this.#bytes.all, this.length >> 3) | (1 << (this.length & 7));
    this.length++;
  }

  get filled(): Uint8Array<ArrayBuffer> {
    return this.#bytes.filled;
  }

  clear(): void {
    this.#bytes.clear();
    this.length = 0;
  }
}
