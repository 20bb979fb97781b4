import { quoteLiteral } from '../sql/quote.ts';
import type { SourceFile } from '../files/discover.ts';

/** Paths of files without links, as a list in SQL. */
export function fileList(files: readonly Pick<SourceFile, 'realPath'>[]): string {
  return `[${files.map(({ realPath }) => quoteLiteral(realPath)).join(', ')}]`;
}
