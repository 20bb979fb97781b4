import { Decompress } from 'fzstd';
import xxhash, { type XXHash, type XXHashAPI } from 'xxhash-wasm';
import { fail, type FailureError } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { u8At, valueAt } from '../../core/valueAt.ts';

const FRAME = 0xfd2fb528;
/** First of 16 magic numbers that differ in their last four bits. */
const SKIPPABLE = 0x184d2a50;
const MAX_BLOCK_BYTES = 128 << 10;
/** Largest window that the command `zstd` decompresses without an option. */
const MAX_WINDOW_BYTES = 128 << 20;
const blockTypes = { raw: 0, repeated: 1, compressed: 2 } as const;

/** The header of a frame. */
interface Frame {
  readonly decoder: Decompress;
  readonly hash: XXHash<bigint> | null;
  /** Bytes after decompression; null if the header does not contain them. */
  readonly size: bigint | null;
  bytes: bigint;
}

/**
 * Decompresses Zstandard (RFC 8878) and verifies it. fzstd decodes the blocks, but checks neither checksums nor sizes.
 * Frames are separated here, so that several frames, skippable frames and truncated frames are all handled.
 */
export class ZstdFrames {
  /** Bytes of a header that is not complete yet. */
  #head: Buffer = Buffer.alloc(0);
  #state: 'start' | 'header' | 'skip-size' | 'block' | 'checksum' = 'start';
  /** Remaining bytes of a block or of a skippable frame. */
  #body = 0;
  #frame: Frame | null = null;
  #isLast = false;
  #at = 0;
  #decoded: Buffer[] = [];

  private constructor(
    private readonly path: string,
    private readonly hashes: XXHashAPI,
  ) {}

  static async create(path: string): Promise<ZstdFrames> {
    return new ZstdFrames(path, await xxhash());
  }

  /**
   * Decompresses what `chunk` completes, one block at a time, because a chunk of 1 MB may expand to gigabytes.
   * @throws FailureError `corrupt` or `unsupported`
   */
  *push(chunk: Buffer): Generator<Buffer, void> {
    for (let at = 0; at < chunk.length;) {
      const wanted = this.#body > 0 ? this.#body : this.#headBytes() - this.#head.length;
      const part = chunk.subarray(at, at + wanted);
      at += part.length;
      this.#at += part.length;
      if (this.#body > 0) this.#take(part);
      else {
        this.#head = this.#head.length === 0 ? part : Buffer.concat([this.#head, part]);
        if (part.length === wanted) this.#readHead();
      }
      const decoded = this.#decoded;
      this.#decoded = [];
      yield* decoded;
    }
  }

  /** @throws FailureError `truncated` if a frame is not complete */
  end(): void {
    if (this.#state === 'start' && this.#head.length === 0 && this.#body === 0) return;
    throw fail('truncated', message('The compressed file is cut off: it ends in the middle of the data'), {
      place: { path: this.path },
      advice: message('Copy or write the file again.'),
    });
  }

  /** Length of the header that starts at `#head`, as far as its bytes are known. */
  #headBytes(): number {
    if (this.#state === 'block') return 3;
    if (this.#state === 'skip-size') return 8;
    if (this.#state === 'header') return this.#head.length < 5 ? 5 : headerFields(u8At(this.#head, 4)).bytes;
    return 4;
  }

  #readHead(): void {
    const head = this.#head;
    if (this.#state === 'start') {
      const magic = head.readUInt32LE(0);
      if (magic !== FRAME && (magic & ~15) >>> 0 !== SKIPPABLE)
        throw this.#damaged(
          message('The compressed file is damaged: no Zstandard frame starts at byte {0}', this.#at - 4),
        );
      this.#state = magic === FRAME ? 'header' : 'skip-size';
    } else if (this.#state === 'skip-size') {
      this.#body = head.readUInt32LE(4);
      this.#next('start');
    } else if (this.#state === 'header') {
      if (head.length === this.#headBytes()) this.#beginFrame(head);
    } else if (this.#state === 'block') this.#beginBlock(head);
    else this.#endFrame(head);
  }

  #next(state: 'start' | 'block' | 'checksum'): void {
    this.#state = state;
    this.#head = Buffer.alloc(0);
  }

  #beginFrame(head: Buffer): void {
    const fields = headerFields(u8At(head, 4));
    const at = 5 + fields.window + fields.dictionary;
    const size =
      fields.size === 0
        ? null
        : fields.size === 2
          ? BigInt(head.readUIntLE(at, 2) + 256)
          : fields.size === 8
            ? head.readBigUInt64LE(at)
            : BigInt(head.readUIntLE(at, fields.size));
    const exponent = 2 ** (10 + (u8At(head, 5) >> 3));
    const window = fields.window === 0 ? Number(size ?? 0n) : exponent + (exponent / 8) * (u8At(head, 5) & 7);
    if (window > MAX_WINDOW_BYTES) {
      throw fail(
        'unsupported',
        message(
          'The compressed file needs a window of {0} MB; the limit is {1} MB',
          Math.ceil(window / 2 ** 20),
          MAX_WINDOW_BYTES / 2 ** 20,
        ),
        {
          place: { path: this.path },
          advice: message('Compress it again without --ultra and --long.'),
        },
      );
    }
    if (fields.dictionary > 0 && head.subarray(5 + fields.window, at).some((b) => b !== 0)) {
      throw fail('unsupported', message('The file is compressed with a dictionary, which is not in the file'), {
        place: { path: this.path },
        advice: message('Compress it again without a dictionary.'),
      });
    }
    this.#frame = {
      decoder: new Decompress((part) => {
        this.#decode(part);
      }),
      hash: fields.hasChecksum ? this.hashes.create64() : null,
      size,
      bytes: 0n,
    };
    this.#feed(head);
    this.#next('block');
  }

  #beginBlock(head: Buffer): void {
    const bits = head.readUIntLE(0, 3);
    const type = (bits >> 1) & 3;
    const size = bits >> 3;
    if (size > MAX_BLOCK_BYTES || type > blockTypes.compressed)
      throw this.#damaged(
        message('The compressed file is damaged: the block at byte {0} has no valid header', this.#at - 3),
      );
    this.#isLast = (bits & 1) === 1;
    this.#body = type === blockTypes.repeated ? 1 : size;
    this.#next('block');
    if (this.#body > 0) this.#feed(head);
    else this.#endBlock(head);
  }

  /** Processes bytes of a block or of a skippable frame. */
  #take(part: Buffer): void {
    this.#body -= part.length;
    if (this.#frame === null) return;
    if (this.#body > 0) this.#feed(part);
    else this.#endBlock(part);
  }

  #endBlock(part: Buffer): void {
    const isEnd = this.#isLast && this.#frame?.hash === null;
    this.#feed(part, isEnd);
    if (isEnd) this.#finishFrame();
    else this.#next(this.#isLast ? 'checksum' : 'block');
  }

  #endFrame(checksum: Buffer): void {
    const frame = this.#frame;
    this.#feed(checksum, true);
    if (frame?.hash && Number(frame.hash.digest() & 0xffffffffn) !== checksum.readUInt32LE(0)) {
      throw this.#damaged(message('The compressed file is damaged: the checksum of its content does not match'));
    }
    this.#finishFrame();
  }

  #finishFrame(): void {
    const { size = null, bytes = 0n } = this.#frame ?? {};
    if (size !== null && size !== bytes)
      throw this.#damaged(
        message(
          'The compressed file is damaged: its content has {0} bytes, but its header says {1}',
          Number(bytes),
          Number(size),
        ),
      );
    this.#frame = null;
    this.#next('start');
  }

  #feed(part: Buffer, isEnd = false): void {
    try {
      this.#frame?.decoder.push(part, isEnd);
    } catch (error) {
      // The decoder trusts its input, so damaged data may make it fail anywhere.
      throw this.#damaged(
        message('The compressed file is damaged: {0}', error instanceof Error ? error.message : String(error)),
      );
    }
  }

  #decode(part: Uint8Array): void {
    if (part.length === 0 || this.#frame === null) return;
    this.#frame.hash?.update(part);
    this.#frame.bytes += BigInt(part.length);
    // Copy, because the decoder reuses its memory.
    this.#decoded.push(Buffer.from(part));
  }

  #damaged(text: Message): FailureError {
    return fail('corrupt', text, { place: { path: this.path }, advice: message('Copy or write the file again.') });
  }
}

/**
 * Lengths of the header fields of a frame in bytes, from its descriptor. `bytes`: total length, including the magic
 * number.
 */
function headerFields(descriptor: number): {
  window: number;
  dictionary: number;
  size: number;
  hasChecksum: boolean;
  bytes: number;
} {
  const isSingle = (descriptor & 32) !== 0;
  const window = isSingle ? 0 : 1;
  const dictionary = valueAt([0, 1, 2, 4], descriptor & 3);
  const flag = descriptor >> 6;
  const size = flag === 0 ? Number(isSingle) : 2 ** flag;
  return { window, dictionary, size, hasChecksum: (descriptor & 4) !== 0, bytes: 5 + window + dictionary + size };
}
