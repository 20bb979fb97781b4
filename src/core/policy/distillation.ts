import type { ConfigDocument } from '../config/document.ts';
import type { StageView } from '../config/entries.ts';
import type { Part } from './shares.ts';

/**
 * True if a stage learns from the scores of a stronger model, because of its approach or because it names a teacher.
 */
export function distils({ draft, path }: StageView, document: ConfigDocument): boolean {
  return draft.approach === 'distillation' || draft.approach === 'mixed' || document.has([...path, 'teacher']);
}

/** True for rows that users were shown; these are the samples of fine ranking. */
export function isExposed({ source }: Part): boolean {
  return source.isExposed;
}
