import xxhash, { type XXHash, type XXHashAPI } from 'xxhash-wasm';
import { message } from '../../core/message/message.ts';
import { u8At } from '../../core/valueAt.ts';
import { damaged, unsupported } from './problem.ts';

const FRAME = 0x184d2204;
/** Distance that a match may reach back. */
const WINDOW_BYTES = 64 << 10;
const NOT_COMPRESSED = 0x80000000;
const MIN_MATCH = 4;

/** Flags of a frame. */
const flags = { dictionary: 1, contentChecksum: 4, contentSize: 8, blockChecksum: 16, independent: 32 } as const;

interface Frame {
  readonly maxBlockBytes: number;
  readonly hasBlockChecksum: boolean;
  readonly isIndependent: boolean;
  readonly hash: XXHash<number> | null;
  /** Bytes after decompression; null if the header does not contain them. */
  readonly size: bigint | null;
}

/**
 * Decompresses frames of LZ4 (lz4_Frame_format.md 1.6) block by block and verifies them. Blocks may refer to the 64 KiB
 * before them.
 */
export class Lz4Frames {
  /** Bytes that are not decompressed yet. */
  #rest: Buffer = Buffer.alloc(0);
  #frame: Frame | null = null;
  #hasEnded = false;
  #window: Buffer = Buffer.alloc(0);
  #bytes = 0n;

  private constructor(private readonly hashes: XXHashAPI) {}

  static async create(): Promise<Lz4Frames> {
    return new Lz4Frames(await xxhash());
  }

  /** @throws FailureError `corrupt`, `unsupported` */
  *push(chunk: Buffer): Generator<Buffer, void> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const used = this.#frame === null ? this.#beginFrame() : null;
      if (used === 0) return;
      if (used !== null) {
        this.#rest = this.#rest.subarray(used);
        continue;
      }
      const block = this.#block();
      if (block === null) return;
      if (block.length > 0) yield block;
    }
  }

  /** @throws FailureError if the frame is not complete */
  end(): void {
    if (this.#frame !== null || this.#rest.length > 0 || !this.#hasEnded) throw bad();
  }

  /** @returns bytes of the header; 0 if they are not all there */
  #beginFrame(): number {
    const head = this.#rest;
    if (head.length < 7) return 0;
    if (head.readUInt32LE(0) !== FRAME) throw bad();
    const flag = u8At(head, 4);
    const size = u8At(head, 5) >> 4;
    if (flag >> 6 !== 1 || (flag & 2) !== 0 || size < 4 || size > 7 || (u8At(head, 5) & 15) !== 0) throw bad();
    if ((flag & flags.dictionary) !== 0) throw unsupported(message('LZ4 with a dictionary'));
    const hasSize = (flag & flags.contentSize) !== 0;
    const end = hasSize ? 14 : 6;
    if (head.length < end + 1) return 0;
    if (((this.hashes.h32Raw(head.subarray(4, end)) >>> 8) & 255) !== head[end]) throw bad();
    this.#frame = {
      maxBlockBytes: 2 ** (8 + 2 * size),
      hasBlockChecksum: (flag & flags.blockChecksum) !== 0,
      isIndependent: (flag & flags.independent) !== 0,
      hash: (flag & flags.contentChecksum) !== 0 ? this.hashes.create32() : null,
      size: hasSize ? head.readBigUInt64LE(6) : null,
    };
    this.#window = Buffer.alloc(0);
    this.#bytes = 0n;
    return end + 1;
  }

  /** The next block; empty at the end of a frame, null if it is not all there. */
  #block(): Buffer | null {
    const frame = this.#frame;
    const rest = this.#rest;
    if (frame === null || rest.length < 4) return null;
    const word = rest.readUInt32LE(0);
    if (word === 0) return this.#endFrame(frame);
    const isPlain = word >= NOT_COMPRESSED;
    const length = isPlain ? word - NOT_COMPRESSED : word;
    if (length > frame.maxBlockBytes) throw bad();
    const end = 4 + length;
    if (rest.length < end + (frame.hasBlockChecksum ? 4 : 0)) return null;
    const stored = rest.subarray(4, end);
    if (frame.hasBlockChecksum && this.hashes.h32Raw(stored) !== rest.readUInt32LE(end)) throw bad();
    const block = isPlain ? Buffer.from(stored) : decodeBlock(stored, this.#window, frame.maxBlockBytes);
    frame.hash?.update(block);
    this.#bytes += BigInt(block.length);
    if (!frame.isIndependent)
      this.#window = Buffer.from(
        (block.length >= WINDOW_BYTES ? block : Buffer.concat([this.#window, block])).subarray(-WINDOW_BYTES),
      );
    this.#rest = rest.subarray(end + (frame.hasBlockChecksum ? 4 : 0));
    return block;
  }

  #endFrame({ hash, size }: Frame): Buffer | null {
    if (hash && this.#rest.length < 8) return null;
    if (hash && hash.digest() !== this.#rest.readUInt32LE(4)) throw bad();
    if (size !== null && size !== this.#bytes) throw bad();
    this.#rest = this.#rest.subarray(hash ? 8 : 4);
    this.#frame = null;
    this.#hasEnded = true;
    return Buffer.alloc(0);
  }
}

/** Sequences of literals and matches. `window`: the bytes before the block. */
function decodeBlock(stored: Uint8Array, window: Uint8Array, maxBytes: number): Buffer {
  const base = window.length;
  const all = Buffer.alloc(base + maxBytes);
  all.set(window);
  let [from, to] = [0, base];
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (;;) {
      const more = stored[from++];
      if (more === undefined) throw bad();
      length += more;
      if (more < 255) return length;
    }
  };
  for (;;) {
    const token = stored[from++];
    if (token === undefined) throw bad();
    const literals = lengthOf(token >> 4);
    if (literals > stored.length - from || literals > all.length - to) throw bad();
    all.set(stored.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    // A block ends with literals.
    if (from === stored.length) return all.subarray(base, to);
    if (stored.length - from < 2) throw bad();
    const distance = u8At(stored, from) | (u8At(stored, from + 1) << 8);
    from += 2;
    if (distance === 0 || distance > to) throw bad();
    const match = lengthOf(token & 15) + MIN_MATCH;
    if (match > all.length - to) throw bad();
    if (distance >= match) all.copyWithin(to, to - distance, to - distance + match);
    // The source overlaps the target, so every copied byte may be read again.
    else for (let k = 0; k < match; k++) all[to + k] = u8At(all, to + k - distance);
    to += match;
  }
}

function bad(): Error {
  return damaged(message('a buffer compressed with LZ4 is not valid'));
}
