import { quotePath } from '../sql/quote.ts';
import type { SourceFile } from '../files/fileSet.ts';

/** Resolved file paths as an SQL list. */
export function fileList(files: readonly Pick<SourceFile, 'realPath'>[]): string {
  return `[${files.map(({ realPath }) => quotePath(realPath)).join(', ')}]`;
}
