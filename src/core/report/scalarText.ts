import { shortestFloat } from '../table/format.ts';
import type { Scalar } from '../table/profile.ts';
import type { LogicalType } from '../table/type.ts';

/**
 * A value as exact text: every digit that is stored, U+2212 for the sign of numbers; no groups, for ids are not
 * amounts.
 */
export function scalarText(value: Scalar, type?: LogicalType): string {
  if (value === null) return '∅';
  if (typeof value === 'number')
    return shortestFloat(value, type?.kind === 'float' ? type.bits : 64)
      .replace(/^-/, '−')
      .replace('e-', 'e−');
  if (typeof value === 'string' && (type?.kind === 'integer' || type?.kind === 'decimal'))
    return value.replace(/^-/, '−');
  return String(value);
}
