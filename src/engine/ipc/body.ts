import type { FileHandle } from 'node:fs/promises';
import { message } from '../../core/message/message.ts';
import type { Expansion } from '../files/expansion.ts';
import { ZstdFrames } from '../text/zstdFrames.ts';
import { readBytes } from './fileBytes.ts';
import { Lz4Frames } from './lz4Frames.ts';
import type { BatchHeader, IpcMessage } from './message.ts';
import { damaged, placed } from './problem.ts';

const CHUNK_BYTES = 1 << 20;
/** A compressed buffer begins with its length, or with −1 if it is not compressed. */
const PREFIX_BYTES = 8;
/** Most bytes that one byte may become: in LZ4 by the length of a match, in Zstandard by a block of equal bytes. */
const MAX_RATIO = { lz4: 255, zstd: (128 << 10) / 4 } as const;

/** A buffer of a batch, in memory or in a file. */
export interface IpcBuffer {
  readonly length: number;
  /** @throws FailureError `corrupt` if the buffer has no such bytes */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A file for decompressed buffers that do not fit into memory. */
export interface Scratch {
  /** Opens the file once. */
  file(): Promise<FileHandle>;
  /** Number of bytes written to it for the current batch. */
  bytes: number;
}

/** Where decompressed buffers go. */
interface BodyMemory {
  readonly scratch: Scratch;
  /** Bytes of buffers that are kept in memory; all further ones are read from a file. */
  readonly memoryBytes: number;
  readonly expansion: Expansion;
}

export const noBuffer: IpcBuffer = memoryBuffer(new Uint8Array(0));

/** The buffers of one batch. */
export class IpcBody {
  /** All bytes of a small body. */
  #whole: Uint8Array<ArrayBuffer> | null = null;
  #held = 0;

  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
    private readonly at: number,
    private readonly bytes: number,
    private readonly header: BatchHeader,
    private readonly memory: BodyMemory,
  ) {}

  static async open(
    file: FileHandle,
    path: string,
    { bodyAt, bodyBytes }: Pick<IpcMessage, 'bodyAt' | 'bodyBytes'>,
    header: BatchHeader,
    memory: BodyMemory,
  ): Promise<IpcBody> {
    const body = new IpcBody(file, path, bodyAt, bodyBytes, header, memory);
    if (bodyBytes <= memory.memoryBytes) body.#whole = await readBytes(file, bodyAt, bodyBytes);
    memory.scratch.bytes = 0;
    return body;
  }

  /** The buffer with a number in the header, decompressed. */
  async buffer(index: number): Promise<IpcBuffer> {
    const offset = this.header.buffers[2 * index];
    const length = this.header.buffers[2 * index + 1];
    if (offset === undefined || length === undefined) throw damaged(message('a batch has too few buffers'));
    if (offset < 0 || length < 0 || offset + length > this.bytes)
      throw damaged(message('a buffer is outside of its batch'));
    const stored = this.#stored(offset, length);
    if (this.header.codec === null || length === 0) return stored;
    const prefix = Buffer.from(await stored.read(0, PREFIX_BYTES));
    const size = Number(prefix.readBigInt64LE(0));
    if (size === -1) return part(stored, PREFIX_BYTES);
    if (size < 0 || size > Number.MAX_SAFE_INTEGER) throw damaged(message('a compressed buffer has no valid length'));
    try {
      return await this.#decompressed(part(stored, PREFIX_BYTES), size, this.header.codec);
    } catch (error) {
      throw placed(error, { byte: this.at + offset });
    }
  }

  #stored(offset: number, length: number): IpcBuffer {
    return this.#whole === null
      ? fileBuffer(this.file, this.at + offset, length)
      : memoryBuffer(this.#whole.subarray(offset, offset + length));
  }

  /** Decompresses in chunks, because a damaged length may claim any number of bytes. */
  async #decompressed(stored: IpcBuffer, size: number, codec: 'lz4' | 'zstd'): Promise<IpcBuffer> {
    if (size > stored.length * MAX_RATIO[codec]) throw wrongSize(size);
    const { scratch, memoryBytes, expansion } = this.memory;
    expansion.take(size);
    const frames = codec === 'lz4' ? await Lz4Frames.create() : await ZstdFrames.create(this.path);
    const isHeld = this.#held + size <= memoryBytes;
    const target = isHeld ? null : await scratch.file();
    const start = scratch.bytes;
    const pieces: Buffer[] = [];
    let done = 0;
    for (let from = 0; from < stored.length; from += CHUNK_BYTES) {
      const chunk = Buffer.from(await stored.read(from, Math.min(stored.length, from + CHUNK_BYTES)));
      for (const piece of frames.push(chunk)) {
        if (done + piece.length > size) throw wrongSize(size);
        if (target === null) pieces.push(piece);
        else await writePiece(target, piece, start + done);
        done += piece.length;
      }
    }
    frames.end();
    if (done !== size) throw wrongSize(size);
    if (target === null) {
      this.#held += size;
      return memoryBuffer(new Uint8Array(Buffer.concat(pieces)));
    }
    scratch.bytes += size;
    return fileBuffer(target, start, size);
  }
}

function wrongSize(size: number): Error {
  return damaged(message('a compressed buffer does not hold {0} bytes', size));
}

async function writePiece(file: FileHandle, piece: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < piece.length;) {
    const { bytesWritten } = await file.write(piece, done, piece.length - done, at + done);
    done += bytesWritten;
  }
}

function memoryBuffer(bytes: Uint8Array<ArrayBuffer>): IpcBuffer {
  return {
    length: bytes.length,
    read: async (from, to) => {
      checkRange(from, to, bytes.length);
      return bytes.subarray(from, to);
    },
  };
}

function fileBuffer(file: FileHandle, at: number, length: number): IpcBuffer {
  return {
    length,
    read: async (from, to) => {
      checkRange(from, to, length);
      return await readBytes(file, at + from, to - from);
    },
  };
}

function part(buffer: IpcBuffer, start: number): IpcBuffer {
  return { length: buffer.length - start, read: (from, to) => buffer.read(start + from, start + to) };
}

function checkRange(from: number, to: number, length: number): void {
  if (from < 0 || to > length || from > to)
    throw damaged(message('a buffer has {0} bytes, but {1} are needed', length, to));
}
