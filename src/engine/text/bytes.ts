import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { fail, FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Compression } from '../../core/table/sampleName.ts';
import { fileFailure } from '../../core/message/fileFailure.ts';
import { ZstdFrames } from './zstdFrames.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * The decompressed bytes of a file, in chunks. `read` receives the number of file bytes read so far, for progress.
 * @throws FailureError `truncated` or `corrupt` if the compressed stream ends early or is damaged
 */
export async function* decompressed(
  path: string,
  compression: Compression,
  read: (bytes: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let bytes = 0;
  file.on('data', (chunk) => read((bytes += chunk.length)));
  file.pause();
  try {
    if (compression === 'none') yield* file as AsyncIterable<Buffer>;
    else if (compression === 'gzip') yield* gunzipped(path, file);
    else yield* zstd(path, file);
  } catch (error) {
    throw compressedFailure(error, path);
  } finally {
    file.destroy();
  }
}

/** Members one after the other. zlib verifies the CRC and the length of each. */
async function* gunzipped(path: string, file: Readable): AsyncGenerator<Buffer> {
  const transform = createGunzip({ chunkSize: CHUNK_BYTES });
  // An error in either stream ends the loop over the last one.
  pipeline(file, transform, () => undefined);
  yield* transform as AsyncIterable<Buffer>;
  await checkPadding(path, transform.bytesWritten);
}

/**
 * zlib stops at the first zero byte after a member. Zeros up to the end are padding, but further members after them
 * would be lost.
 */
async function checkPadding(path: string, end: number): Promise<void> {
  for await (const chunk of createReadStream(path, {
    start: end,
    highWaterMark: CHUNK_BYTES,
  }) as AsyncIterable<Buffer>) {
    if (chunk.some((b) => b !== 0)) {
      throw fail(
        'corrupt',
        message('The compressed file is damaged: after byte {0} there are zero bytes, then other data', end),
        { place: { path, byte: end }, advice: message('Copy or write the file again.') },
      );
    }
  }
}

async function* zstd(path: string, file: Readable): AsyncGenerator<Buffer> {
  const frames = await ZstdFrames.create(path);
  for await (const chunk of file as AsyncIterable<Buffer>) yield* frames.push(chunk);
  frames.end();
}

function compressedFailure(error: unknown, path: string): FailureError {
  if (error instanceof FailureError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const more = { place: { path }, cause: text };
  if (/unexpected end|unexpected eof/i.test(text)) {
    return fail('truncated', message('The compressed file is cut off: it ends in the middle of the data'), {
      ...more,
      advice: message('Copy or write the file again.'),
    });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(Z_|ERR_ZSTD|ZSTD_)/.test(code) || /invalid|corrupt|zstd|header|checksum|window|block/i.test(text)) {
    return fail('corrupt', message('The compressed file is damaged: {0}', text), {
      ...more,
      advice: message('Copy or write the file again.'),
    });
  }
  return fileFailure(error, path);
}
