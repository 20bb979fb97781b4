import type { Scalar } from './profile.ts';

/** Meaning of a label value. `none`: NULL and NaN. `other`: a value that is neither 0 nor 1, such as a rating. */
export type LabelKind = 'positive' | 'negative' | 'none' | 'other';

/** Parses a label: a boolean or a number, or the text of one. */
export function labelKind(value: Scalar): LabelKind {
  const text = String(value ?? '').toLowerCase();
  if (value === null || /^[+-]?nan$/.test(text)) return 'none';
  if (text === 'true') return 'positive';
  if (text === 'false') return 'negative';
  if (text.trim() === '') return 'other';
  return Number(text) === 1 ? 'positive' : Number(text) === 0 ? 'negative' : 'other';
}
