import { message, type Message } from '../message/message.ts';
import type { ColumnProfile, Scalar } from './profile.ts';
import type { Role } from './role.ts';

const ids: ReadonlySet<Role> = new Set<Role>(['user', 'item', 'request', 'positive-item']);
/** An integer of at most 64 bits, as text. Leading zeros are allowed, because they are a reason to keep ids as text. */
const integer = /^-?\d{1,19}$/;

/**
 * A note about ids that look like integers but are texts; null for other columns. Checks the smallest, the largest and
 * the most frequent values. `textual`: the file has no types (CSV, TSV, JSONL), so its types are guessed.
 */
export function integerTextsNote(
  { role, type, min, max, top }: Pick<ColumnProfile, 'role' | 'type' | 'min' | 'max' | 'top'>,
  textual: boolean,
): Message | null {
  if (role === null || !ids.has(role.role)) return null;
  if (type.kind === 'integer' && textual)
    return message('Shown as integers. Ratio configs read these ids as text, unless the column has type: int64');
  const isIntegerText = (value: Scalar): boolean => typeof value === 'string' && integer.test(value);
  return type.kind === 'string' &&
    isIntegerText(min) &&
    isIntegerText(max) &&
    top.every(({ value }) => value === null || isIntegerText(value))
    ? message('Text that looks like integers. It stays text: 7 and 007 are different ids')
    : null;
}
