import type { Column } from './dataset.ts';
import type { LogicalType } from './type.ts';

/** Whether numbers of a type can be times since 1970. A 32-bit float is off by up to a minute. */
export function isUnixTime(type: LogicalType): boolean {
  return type.kind === 'integer' || (type.kind === 'float' && type.bits === 64);
}

/** Doubles of this size, in microseconds since 1970, are no times: year 287,000. */
export const mostMicroseconds = 9e18;

/**
 * Unit of numbers since 1970, by their size. Seconds have 10 digits from 2001 to 2286; each smaller unit has three
 * more.
 */
export function epochUnit(largest: string | undefined): 's' | 'ms' | 'us' {
  const whole = /[.e]/i.test(largest ?? '') ? Number(largest).toFixed(0) : (largest ?? '');
  const digits = whole.replace(/\D/g, '').length;
  return digits >= 15 ? 'us' : digits >= 12 ? 'ms' : 's';
}

/** As `epochUnit`; null if integers of this size are hardly times since 1970: ordinals, days, nanoseconds. */
export function likelyEpochUnit(largest: string | undefined): 's' | 'ms' | 'us' | null {
  const { length } = (largest ?? '').replace(/\D/g, '');
  return length < 9 || length > 17 ? null : epochUnit(largest);
}

/** Digits after the second, by unit. */
const decimals = { s: 0, ms: 3, us: 6 } as const;
const timeRoles: readonly string[] = ['time', 'created', 'removed'];

/** True for a column of integers whose role is a time. */
export function isEpochColumn({ type, role }: Pick<Column, 'type' | 'role'>): boolean {
  return type.kind === 'integer' && role !== null && timeRoles.includes(role.role);
}

/**
 * The time of an integer since 1970 in UTC, exact: `2026-05-28 20:26:40.123Z`. The unit is inferred from its size. Null
 * for integers that are hardly times.
 */
export function epochText(integer: string): string | null {
  const unit = /^-?\d+$/.test(integer) ? likelyEpochUnit(integer) : null;
  if (unit === null) return null;
  const places = decimals[unit];
  const perSecond = 10n ** BigInt(places);
  const value = BigInt(integer);
  // Rounds down, also before 1970.
  const part = ((value % perSecond) + perSecond) % perSecond;
  const seconds = (value - part) / perSecond;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${text}${places === 0 ? '' : `.${String(part).padStart(places, '0')}`}Z`;
}
