import type { ConfigDocument } from '../config/document.ts';
import { setValue } from '../config/edits.ts';
import type { ConfigPath } from '../config/tree.ts';
import { message } from '../message/message.ts';
import type { TextFix } from '../config/problem.ts';

/** Fixes that set `training.logq`: which of them is right depends on what the loss must stand for. */
export function logqFixes(document: ConfigDocument, at: ConfigPath): TextFix[] {
  return [
    {
      title: message('Write logq: shares (every entry keeps its share)'),
      changes: setValue(document, at, 'shares'),
      safe: false,
    },
    {
      title: message('Write logq: corpus (softmax over the corpus)'),
      changes: setValue(document, at, 'corpus'),
      safe: false,
    },
  ];
}
