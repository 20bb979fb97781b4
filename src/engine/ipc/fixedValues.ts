import { message } from '../../core/message/message.ts';
import { u8At } from '../../core/valueAt.ts';
import { isValid, type Valid } from './column.ts';
import { damaged, TimeOutOfRange } from './problem.ts';
import type { IpcType } from './schema.ts';

type Values = Uint8Array<ArrayBuffer>;

/** How values of fixed width become values of DuckDB. */
export interface FixedType {
  /** Bytes of a value in Arrow and in DuckDB. */
  readonly width: number;
  readonly to: number;
  /** `bytes`: `count` values of Arrow. Values of NULLs may be anything and are never checked. */
  convert(bytes: Values, count: number, valid: Valid): Values;
}

const DAY_MS = 86_400_000n;
const DAY_US = 86_400_000_000n;
/** Earliest time of DuckDB in microseconds, and the value that means −infinity. */
const FIRST_US = -9_223_372_022_400_000_000n;
const MINUS_INFINITY = -(2n ** 63n) + 1n;
/** Last day whose microseconds fit 64 bits; the first one has the same number. */
const LAST_DAY = 106_751_991;
/** DuckDB's infinite date; its negative is −infinity. */
const INFINITE_DAY = 2 ** 31 - 1;
const factors = { s: 1_000_000n, ms: 1000n, us: 1n, ns: 1n } as const;

/** Null for types whose values have no fixed width, and for booleans, which are bits. */
export function fixedType(type: IpcType): FixedType | null {
  switch (type.kind) {
    case 'integer':
      return unchanged(type.bits / 8);
    case 'float':
      return type.bits === 16 ? { width: 2, to: 4, convert: halves } : unchanged(type.bits / 8);
    case 'duration':
      return unchanged(8);
    case 'date':
      return { width: type.unit === 'day' ? 4 : 8, to: 4, convert: type.unit === 'day' ? days : daysOfMilliseconds };
    case 'time':
      return timeType(type.unit);
    case 'timestamp':
      return timestampType(type.unit, type.zone !== null);
    case 'uuid':
      return { width: 16, to: 16, convert: uuids };
    case 'decimal':
      return decimalType(type.bits, type.precision);
    default:
      return null;
  }
}

function unchanged(width: number): FixedType {
  return { width, to: width, convert: (bytes) => bytes };
}

/** A type whose values are 64-bit integers in DuckDB. */
function longs(
  width: 4 | 8,
  value: (stored: bigint) => bigint,
  isKnown: (value: bigint) => boolean = () => true,
): FixedType {
  return {
    width,
    to: 8,
    convert: (bytes, count, valid) => {
      const own = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const all = new BigInt64Array(count);
      for (let k = 0; k < count; k++) {
        if (!isValid(valid, k)) continue;
        const one = value(width === 4 ? BigInt(own.getInt32(4 * k, true)) : own.getBigInt64(8 * k, true));
        if (!isKnown(one) || BigInt.asIntN(64, one) !== one) throw new TimeOutOfRange(one);
        all[k] = one;
      }
      return new Uint8Array(all.buffer);
    },
  };
}

function timeType(unit: keyof typeof factors): FixedType {
  const end = unit === 'ns' ? DAY_US * 1000n : DAY_US;
  return longs(
    unit === 's' || unit === 'ms' ? 4 : 8,
    (stored) => stored * factors[unit],
    (value) => value >= 0n && value <= end,
  );
}

/** Nanoseconds with a zone lose their last digits: they are rounded down, also before 1970. */
function timestampType(unit: keyof typeof factors, hasZone: boolean): FixedType {
  if (unit === 'ns')
    return hasZone
      ? longs(8, (stored) => (stored - (((stored % 1000n) + 1000n) % 1000n)) / 1000n)
      : longs(
          8,
          (stored) => stored,
          (value) => value >= MINUS_INFINITY,
        );
  return longs(
    8,
    (stored) => stored * factors[unit],
    (value) => value >= FIRST_US || value === MINUS_INFINITY,
  );
}

function days(bytes: Values, count: number, valid: Valid): Values {
  const own = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let k = 0; k < count; k++) {
    const day = own.getInt32(4 * k, true);
    if (isValid(valid, k) && Math.abs(day) > LAST_DAY && Math.abs(day) !== INFINITE_DAY)
      throw new TimeOutOfRange(BigInt(day));
  }
  return bytes;
}

function daysOfMilliseconds(bytes: Values, count: number, valid: Valid): Values {
  const own = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const all = new Int32Array(count);
  for (let k = 0; k < count; k++) {
    if (!isValid(valid, k)) continue;
    const stored = own.getBigInt64(8 * k, true);
    const day = Number(stored / DAY_MS);
    if (stored % DAY_MS !== 0n || Math.abs(day) > LAST_DAY) throw new TimeOutOfRange(stored);
    all[k] = day;
  }
  return new Uint8Array(all.buffer);
}

/** DuckDB stores the bytes backwards, and the first bit inverted. */
function uuids(bytes: Values, count: number): Values {
  const all = new Uint8Array(16 * count);
  for (let k = 0; k < all.length; k += 16) {
    all.set(bytes.slice(k, k + 16).reverse(), k);
    all[k + 15] = u8At(all, k + 15) ^ 128;
  }
  return all;
}

function halves(bytes: Values, count: number): Values {
  const own = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const all = Float32Array.from({ length: count }, (_, k) => half(own.getUint16(2 * k, true)));
  return new Uint8Array(all.buffer);
}

/** A float of 16 bits (IEEE 754 binary16), exactly. */
function half(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** DuckDB stores decimals in as few bytes as their digits need. */
function decimalType(bits: 32 | 64 | 128 | 256, precision: number): FixedType {
  const to = precision > 18 ? 16 : precision > 9 ? 8 : precision > 4 ? 4 : 2;
  const limit = 10n ** BigInt(precision);
  return {
    width: bits / 8,
    to,
    convert: (bytes, count, valid) => {
      const own = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const all = new DataView(new ArrayBuffer(count * to));
      for (let k = 0; k < count; k++) {
        if (!isValid(valid, k)) continue;
        const value = decimalAt(own, k, bits);
        if (value >= limit || value <= -limit) throw damaged(message('a decimal has more than {0} digits', precision));
        if (to === 2) all.setInt16(2 * k, Number(value), true);
        else if (to === 4) all.setInt32(4 * k, Number(value), true);
        else {
          all.setBigInt64(to * k, BigInt.asIntN(64, value), true);
          if (to === 16) all.setBigInt64(16 * k + 8, value >> 64n, true);
        }
      }
      return new Uint8Array(all.buffer);
    },
  };
}

function decimalAt(view: DataView, k: number, bits: 32 | 64 | 128 | 256): bigint {
  if (bits === 32) return BigInt(view.getInt32(4 * k, true));
  if (bits === 64) return view.getBigInt64(8 * k, true);
  return (view.getBigInt64(16 * k + 8, true) << 64n) | view.getBigUint64(16 * k, true);
}
