import type { ConfigDocument } from '../config/document.ts';
import { insertPair } from '../config/edits.ts';
import type { StageView } from '../config/entries.ts';
import type { TextFix } from '../config/problem.ts';
import { message } from '../message/message.ts';

/** The fix that drops the second rows of items that several entries draw. With `training.logq`, it is not allowed. */
export function distinctFixes(document: ConfigDocument, { path, draft }: Pick<StageView, 'path' | 'draft'>): TextFix[] {
  if ((draft.training?.logq ?? false) !== false || draft.negatives?.distinct !== undefined) return [];
  const negatives = [...path, 'negatives'];
  // A sample file may have no config.
  if (!document.has(negatives)) return [];
  const changes = insertPair(document, negatives, 'distinct', 'true');
  return [{ title: message('Add {0}', 'distinct: true'), changes, safe: false }];
}
