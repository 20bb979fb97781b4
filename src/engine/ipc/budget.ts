/** Bytes that may still be read into memory. */
export class Budget {
  constructor(public left: number) {}

  /** False if the bytes are too many. */
  take(bytes: number): boolean {
    this.left -= bytes;
    return this.left >= 0;
  }
}
