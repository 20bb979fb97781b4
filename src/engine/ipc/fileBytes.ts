import type { FileHandle } from 'node:fs/promises';
import { truncated } from './problem.ts';

/** Longest single read. The system reads at most 2 GiB at a time. */
const MAX_READ = 1 << 30;

/**
 * The bytes of an open file from `at` on.
 * @throws FailureError `truncated` if the file ends before
 */
export async function readBytes(file: FileHandle, at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(MAX_READ, length - done), at + done);
    if (bytesRead === 0) throw truncated(at + done);
    done += bytesRead;
  }
  return bytes;
}
