import { open } from 'node:fs/promises';

/** Field of Parquet's FileMetaData that names the cipher where the footer itself is left readable (parquet.thrift). */
const ENCRYPTION_ALGORITHM = 8;
/** Deeper structures are damage, not metadata. */
const MAX_DEPTH = 64;

/**
 * True for Parquet whose data are encrypted under a readable footer, which ends with PAR1 like any other. Reads the footer; false for one
 * that cannot be followed.
 */
export async function isEncryptedUnderPlaintextFooter(path: string, bytes: number): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const end = bytes - 8;
    const length = (await file.read(Buffer.alloc(4), 0, 4, end)).buffer.readUInt32LE(0);
    if (length > end) return false;
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, end - length);
    return new CompactStruct(buffer).hasField(ENCRYPTION_ALGORITHM);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  } finally {
    await file.close();
  }
}

/** Walks one struct of Thrift's compact protocol without knowing its schema. Throws `RangeError` where the bytes end or make no sense. */
class CompactStruct {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  hasField(wanted: number): boolean {
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      const delta = head >> 4;
      id = delta === 0 ? this.#zigzag() : id + delta;
      if (id === wanted) return true;
      this.#skip(head & 15, 0);
    }
    return false;
  }

  #skip(type: number, depth: number): void {
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    switch (type) {
      case 1: case 2: // true and false are in the type
        return;
      case 3:
        this.#at++;
        return;
      case 4: case 5: case 6:
        this.#varint();
        return;
      case 7:
        this.#at += 8;
        return;
      case 8: {
        const length = this.#varint();
        this.#at += length;
        return;
      }
      case 9: case 10: {
        const head = this.#byte();
        const count = head >> 4 === 15 ? this.#varint() : head >> 4;
        // In a list a boolean takes a byte.
        const item = (head & 15) <= 2 ? 3 : head & 15;
        for (let k = 0; k < count; k++) this.#skip(item, depth + 1);
        return;
      }
      case 12:
        for (let head = this.#byte(); head !== 0; head = this.#byte()) {
          if (head >> 4 === 0) this.#varint();
          this.#skip(head & 15, depth + 1);
        }
        return;
      default:
        throw new RangeError(`type ${type}`);
    }
  }

  #byte(): number {
    return this.bytes.readUInt8(this.#at++);
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const b = this.#byte();
      value += (b & 127) * scale;
      if (b < 128) return value;
      if (scale > 2 ** 63) throw new RangeError('varint');
    }
  }

  #zigzag(): number {
    const n = this.#varint();
    return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
  }
}
