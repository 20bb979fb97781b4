import { createHash } from 'node:crypto';
import type { SourceFile } from './fileSet.ts';

/** Stays equal as long as the files, their sizes and their modification times are the same. */
export function fingerprintOf(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const f of files) hash.update(`${f.realPath}\0${f.bytes}\0${f.modified}\n`);
  return hash.digest('hex').slice(0, 32);
}
