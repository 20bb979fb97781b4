import type { FoldingRange } from 'vscode-languageserver/node';
import { foldings } from '../../core/config/assist/foldings.ts';
import type { Snapshot } from './snapshot.ts';

/** Folding ranges of a config. */
export function foldingRanges({ read: { document } }: Snapshot): FoldingRange[] {
  return foldings(document).map(({ startLine, endLine, kind }) => ({ startLine, endLine, kind }));
}
