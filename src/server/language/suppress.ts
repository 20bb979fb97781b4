import type { ConfigDocument } from '../../core/config/document.ts';
import { insertPair, setValue } from '../../core/config/edits.ts';
import type { TextChange } from '../../core/config/problem.ts';
import { pairOf, valueOf } from '../../core/config/tree.ts';
import { written } from '../../core/config/written.ts';
import type { Fix } from '../../core/policy/finding.ts';
import { editsOf } from '../../core/policy/report.ts';
import { message } from '../../core/message/message.ts';

/** Edits that set a rule to `off` under `policy.rules`. Null if the config cannot be edited in its current state. */
export function disableInFile(document: ConfigDocument, rule: string): Fix | null {
  const changes = changesOf(document, rule);
  return changes.length === 0
    ? null
    : editsOf({ title: message('Turn {0} off in this file', rule), changes, safe: false }, document.lines);
}

function changesOf(document: ConfigDocument, rule: string): TextChange[] {
  const { root, language } = document;
  if (root?.kind !== 'map') return [];
  const off = written('off', language);
  const rules = { rules: { [rule]: 'off' } };
  const policy = valueOf(root, 'policy');
  if (policy?.kind === 'scalar' && policy.value !== null)
    return setValue(document, ['policy'], written({ extends: policy.source, ...rules }, language));
  if (pairOf(valueOf(policy, 'rules'), rule)) return setValue(document, ['policy', 'rules', rule], off);
  return policy?.kind === 'map'
    ? insertPair(document, ['policy', 'rules'], rule, off)
    : insertPair(document, [], 'policy', written(rules, language));
}
