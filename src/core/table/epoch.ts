import type { Column } from './dataset.ts';
import type { LogicalType } from './type.ts';

/** True if values of a type can be times since 1970. Float32 cannot, because it is off by up to a minute. */
export function isUnixTime(type: LogicalType): boolean {
  return type.kind === 'integer' || (type.kind === 'float' && type.bits === 64);
}

/** Doubles of at least this many microseconds since 1970 (year 287,000) are not times. */
export const maxMicroseconds = 9e18;

/**
 * Infers the unit of times since 1970 from the largest value, as decimal text. Seconds have 10 digits from 2001 to
 * 2286; each smaller unit has three more.
 */
export function epochUnit(largest: string | undefined): 's' | 'ms' | 'us' {
  const integerText = /[.e]/i.test(largest ?? '') ? Number(largest).toFixed(0) : (largest ?? '');
  const digits = integerText.replace(/\D/g, '').length;
  return digits >= 15 ? 'us' : digits >= 12 ? 'ms' : 's';
}

/** Like `epochUnit`, but null if the size suggests something else, such as a counter, days or nanoseconds. */
export function likelyEpochUnit(largest: string | undefined): 's' | 'ms' | 'us' | null {
  const { length } = (largest ?? '').replace(/\D/g, '');
  return length < 9 || length > 17 ? null : epochUnit(largest);
}

/** Fraction digits of a second in each unit. */
const fractionDigitsOf = { s: 0, ms: 3, us: 6 } as const;
/** Roles of columns that hold times. */
const timeRoles: readonly string[] = ['time', 'created', 'removed'];

/** True for a column of integers whose role is a time. */
export function isEpochColumn({ type, role }: Pick<Column, 'type' | 'role'>): boolean {
  return type.kind === 'integer' && role !== null && timeRoles.includes(role.role);
}

/**
 * The exact UTC time of an integer since 1970: `2026-05-28 20:26:40.123Z`. The unit is inferred from its size. Null if
 * the integer is probably not a time.
 */
export function epochText(integer: string): string | null {
  const unit = /^-?\d+$/.test(integer) ? likelyEpochUnit(integer) : null;
  if (unit === null) return null;
  const fractionDigits = fractionDigitsOf[unit];
  const perSecond = 10n ** BigInt(fractionDigits);
  const value = BigInt(integer);
  // Rounds down, also before 1970.
  const fraction = ((value % perSecond) + perSecond) % perSecond;
  const seconds = (value - fraction) / perSecond;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${text}${fractionDigits === 0 ? '' : `.${String(fraction).padStart(fractionDigits, '0')}`}Z`;
}
