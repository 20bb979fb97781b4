import { shortestFloat } from '../table/format.ts';
import type { Scalar } from '../table/profile.ts';
import type { LogicalType } from '../table/type.ts';

/**
 * A value as exact text: every stored digit, and U+2212 as the minus sign of numbers. Digits are not grouped, because
 * ids are not amounts.
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
