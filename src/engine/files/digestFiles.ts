import { createHash } from 'node:crypto';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { compareTexts } from '../../core/sampling/compareTexts.ts';
import type { FilesDigest, LockedFile } from '../../core/sampling/lock/sampleLock.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { Work } from '../database/connections.ts';
import { fileFailure } from '../../core/message/fileFailure.ts';
import { openRegular } from './namedPath.ts';

const CHUNK = 1 << 20;

/**
 * SHA-256 of the content of a file, and its size in bytes. `read` is called with the number of bytes that each read
 * returned.
 * @throws FailureError `cancelled`, or the reason why the file cannot be read
 */
export async function digestFile(
  path: string,
  { signal }: Pick<Work, 'signal'>,
  read: (bytes: number) => void = () => undefined,
): Promise<Pick<LockedFile, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const file = await openRegular(path);
    try {
      // One buffer for the whole file. A stream allocates one per read, which triggers the garbage collector.
      const piece = new Uint8Array(CHUNK);
      for (;;) {
        const { bytesRead } = await file.read(piece);
        if (signal?.aborted) throw cancelled();
        if (bytesRead === 0) break;
        hash.update(piece.subarray(0, bytesRead));
        bytes += bytesRead;
        read(bytesRead);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileFailure(error, path);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A file to digest. `path`: the path to report. `bytes`: size when the file was found. */
export interface FoundFile {
  readonly path: string;
  readonly realPath: string;
  readonly bytes: number;
}

/**
 * Digests the files of several data sets. Each file is read once. The order does not matter.
 * @throws FailureError `changed` if the size of a file differs from the size when it was found
 */
export async function digestSets<K extends string>(
  sets: readonly { readonly name: K; readonly files: readonly FoundFile[] }[],
  work: Work,
): Promise<ReadonlyMap<K, FilesDigest>> {
  const found = new Map(sets.flatMap(({ files }) => files.map((file) => [file.realPath, file] as const)));
  const total = [...found.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const known = new Map<string, string>();
  let done = 0;
  for (const { path, realPath, bytes } of found.values()) {
    const digest = await digestFile(realPath, work, (more) => {
      done += more;
      work.progress?.({
        fraction: total === 0 ? null : Math.min(1, done / total),
        message: message('Computing digests of the files'),
      });
    });
    if (digest.bytes !== bytes)
      throw fail('changed', message('The file has changed since it was opened'), {
        place: { path },
        advice: message('Reload it to see the current file.'),
      });
    known.set(realPath, digest.sha256);
  }
  return new Map(
    sets.map(({ name, files }) => [
      name,
      digestOf(files.map(({ path, realPath, bytes }) => ({ path, bytes, sha256: known.get(realPath) ?? '' }))),
    ]),
  );
}

/** One digest of all files: the digest of the lines that `sha256sum` would write, ordered by path. */
export function digestOf(files: readonly LockedFile[]): FilesDigest {
  const ordered = [...files].sort((a, b) => compareTexts(a.path, b.path));
  const hash = createHash('sha256');
  for (const { path, sha256 } of ordered) hash.update(`${sha256}  ${path}\n`);
  return { sha256: hash.digest('hex'), bytes: ordered.reduce((sum, { bytes }) => sum + bytes, 0), files: ordered };
}
