import type { FileHandle } from 'node:fs/promises';

/** Small enough that the garbage from these buffers does not trigger extra collections. */
const PIECE_BYTES = 1_000_000;

/** Writes all bytes at the current position of the file, with several writes if necessary. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length;) from += (await handle.write(bytes, from, bytes.length - from)).bytesWritten;
}

/**
 * Reads a range of a file completely into `bytes`.
 * @throws RangeError if the file ends early
 */
export async function readAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let from = 0; from < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, from, bytes.length - from, position + from);
    if (bytesRead === 0) throw new RangeError('the file ends');
    from += bytesRead;
  }
}

/** Copies the bytes from … end − 1 of one file to the current position of another. */
export async function appendBytes(source: FileHandle, from: number, end: number, target: FileHandle): Promise<void> {
  const piece = new Uint8Array(Math.min(PIECE_BYTES, Math.max(0, end - from)));
  for (let at = from; at < end; at += piece.length) {
    const bytes = piece.subarray(0, Math.min(piece.length, end - at));
    await readAll(source, bytes, at);
    await writeAll(target, bytes);
  }
}
