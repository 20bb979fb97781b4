import { formatFloat, formatFloats, groupDigits } from '../src/core/table/format.ts';
import type { Scalar } from '../src/core/table/profile.ts';
import type { LogicalType } from '../src/core/table/type.ts';

/** U+2212 for the sign of a number. */
export const withMinus = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : text);

/** A value of a profile for the eye: floats to six digits, all else exact and ungrouped as ids are. */
export function scalarText(value: Scalar, type?: LogicalType): string {
  if (value === null) return 'null';
  if (typeof value === 'number')
    return type?.kind === 'float' || !Number.isInteger(value) ? formatFloat(value) : withMinus(String(value));
  if (typeof value === 'string' && (type?.kind === 'integer' || type?.kind === 'decimal')) return withMinus(value);
  return String(value);
}

/** Values that stand together: floats with the same number of decimals. */
export function alikeTexts(values: readonly Scalar[], type: LogicalType): string[] {
  if (type.kind !== 'float' || !values.every((value) => typeof value === 'number'))
    return values.map((value) => scalarText(value, type));
  return formatFloats(values, type.bits);
}

/** A number of a profile that is a count or a length, not an id: grouped. */
export function amountText(value: Scalar): string {
  return typeof value === 'number' && !Number.isInteger(value) ? formatFloat(value) : groupDigits(String(value));
}
