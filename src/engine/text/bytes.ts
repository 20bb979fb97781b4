import { createReadStream } from 'node:fs';
import { pipeline, type Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { fail, FailureError } from '../../core/report/failure.ts';
import { message } from '../../core/report/message.ts';
import type { Compression } from '../../core/table/dataset.ts';
import { fileFailure } from '../files/fileFailure.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * The decompressed bytes of a file in chunks. `read` is told how many bytes of the file itself have been read, for progress.
 * @throws FailureError `truncated` or `corrupt` where the compressed stream ends early or is damaged
 */
export async function* decompressed(path: string, compression: Compression, read: (bytes: number) => void = () => undefined): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let bytes = 0;
  file.on('data', (chunk) => read((bytes += chunk.length)));
  file.pause();
  try {
    if (compression === 'none') yield* file as AsyncIterable<Buffer>;
    else if (compression === 'gzip') yield* through(file, zlib.createGunzip({ chunkSize: CHUNK_BYTES }));
    else yield* zstd(file);
  } catch (error) {
    throw compressedFailure(error, path);
  } finally {
    file.destroy();
  }
}

async function* through(file: Readable, transform: Transform): AsyncGenerator<Buffer> {
  // Errors of either stream end the loop over the last one.
  pipeline(file, transform, () => undefined);
  yield* transform as AsyncIterable<Buffer>;
}

/** Node 20 has no Zstandard of its own: then a decoder in JavaScript does it. */
async function* zstd(file: Readable): AsyncGenerator<Buffer> {
  const native = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  if (native !== undefined) {
    yield* through(file, native());
    return;
  }
  const { Decompress } = await import('fzstd');
  let out: Buffer[] = [];
  const decoder = new Decompress((chunk) => out.push(Buffer.from(chunk)));
  for await (const chunk of file as AsyncIterable<Buffer>) {
    decoder.push(chunk);
    const ready = out;
    out = [];
    yield* ready;
  }
  decoder.push(new Uint8Array(0), true);
  yield* out;
}

function compressedFailure(error: unknown, path: string): FailureError {
  if (error instanceof FailureError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const more = { place: { path }, cause: text };
  if (/unexpected end|unexpected eof/i.test(text)) {
    return fail('truncated', message('The compressed file is cut off: it ends in the middle of the data'), { ...more, advice: message('Copy or write the file again.') });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(Z_|ERR_ZSTD|ZSTD_)/.test(code) || /invalid|corrupt|zstd|header|checksum|window|block/i.test(text)) {
    return fail('corrupt', message('The compressed file is damaged: {0}', text), { ...more, advice: message('Copy or write the file again.') });
  }
  return fileFailure(error, path);
}
