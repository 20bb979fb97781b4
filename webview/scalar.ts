import { formatFloat, formatFloats, groupDigits } from '../src/core/table/format.ts';
import type { Scalar } from '../src/core/table/profile.ts';
import type { LogicalType } from '../src/core/table/type.ts';

/** Uses U+2212 as the minus sign of a number. */
export const withMinus = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : text);

/** A profile value for display: floats with six digits; everything else exact and without digit grouping, like ids. */
export function scalarText(value: Scalar, type?: LogicalType): string {
  if (value === null) return 'null';
  if (typeof value === 'number')
    return type?.kind === 'float' || !Number.isInteger(value) ? formatFloat(value) : withMinus(String(value));
  if (typeof value === 'string' && (type?.kind === 'integer' || type?.kind === 'decimal')) return withMinus(value);
  return String(value);
}

/** Texts of values shown together: floats get the same number of decimals. */
export function alikeTexts(values: readonly Scalar[], type: LogicalType): string[] {
  if (type.kind !== 'float' || !values.every((value) => typeof value === 'number'))
    return values.map((value) => scalarText(value, type));
  return formatFloats(values, type.bits);
}

/** A profile number that is a count or a length, not an id; with digit grouping. */
export function amountText(value: Scalar): string {
  return typeof value === 'number' && !Number.isInteger(value) ? formatFloat(value) : groupDigits(String(value));
}
