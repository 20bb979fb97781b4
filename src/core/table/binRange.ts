import { readTemporal } from './expression/temporal.ts';
import { shortestFloat } from './format.ts';
import type { Histogram, Scalar } from './profile.ts';
import type { LogicalType } from './type.ts';

type RangeHistogram = Extract<Histogram, { kind: 'range' }>;

const fractionDigits = { s: 0, ms: 3, us: 6, ns: 9 } as const;
const dayMilliseconds = 86_400_000;

/**
 * The smallest and largest value of a range of bins, as texts for a condition `between`. Exact for whole numbers,
 * decimals and times. The last bin includes its upper edge. Null for a type without bins.
 */
export function rangeOfBins(
  { from, to, counts }: RangeHistogram,
  type: LogicalType,
  firstBin: number,
  lastBin: number,
): readonly [string, string] | null {
  const bins = counts.length;
  if (type.kind === 'float') {
    const [low, high] = [Number(from), Number(to)];
    const edge = (k: number): number => (k === bins ? high : low + ((high - low) * k) / bins);
    // Float bins share their edges: one row in two bins is better than one row in no bin.
    return [floatText(edge(firstBin), type.bits), floatText(edge(lastBin + 1), type.bits)];
  }
  const units = unitsOf(type);
  const [low, high] = [units?.read(from) ?? null, units?.read(to) ?? null];
  if (!units || low === null || high === null) return null;
  const [width, count] = [high - low, BigInt(bins)];
  const startOf = (k: number): bigint => low + (width * BigInt(k) + count - 1n) / count;
  const end = lastBin + 1 === bins ? high : startOf(lastBin + 1) - 1n;
  const start = startOf(firstBin);
  return [units.print(start), units.print(end < start ? start : end)];
}

/** The shortest text that is the same bin edge for the engine. */
function floatText(value: number, bits: 32 | 64): string {
  return shortestFloat(bits === 32 ? Math.fround(value) : value, bits);
}

interface Units {
  readonly read: (value: Scalar) => bigint | null;
  readonly print: (units: bigint) => string;
}

/** Values as whole numbers of their smallest unit. */
function unitsOf(type: LogicalType): Units | null {
  switch (type.kind) {
    case 'integer':
      return { read: (value) => readDecimal(value, 0), print: String };
    case 'decimal':
      return { read: (value) => readDecimal(value, type.scale), print: (units) => printDecimal(units, type.scale) };
    case 'date':
      return {
        read: (value) => daysOf(String(value)),
        print: (days) => new Date(Number(days) * dayMilliseconds).toISOString().slice(0, 10),
      };
    case 'timestamp':
      return timestampUnits(fractionDigits[type.unit]);
    default:
      return null;
  }
}

function readDecimal(value: Scalar, scale: number): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (!match) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  return BigInt(sign + whole + fraction.slice(0, scale).padEnd(scale, '0'));
}

function printDecimal(units: bigint, scale: number): string {
  if (scale === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function daysOf(text: string): bigint | null {
  const date = readTemporal(text)?.date ?? null;
  return date === null ? null : BigInt(Date.parse(`${date}T00:00:00Z`) / dayMilliseconds);
}

/** Timestamps in UTC, as the profile has them. */
function timestampUnits(digits: number): Units {
  const unitsPerSecond = 10n ** BigInt(digits);
  return {
    read: (value) => {
      const moment = readTemporal(String(value));
      if (!moment || moment.date === null) return null;
      const seconds = BigInt(Date.parse(`${moment.date}T${moment.time ?? '00:00:00'}Z`) / 1000);
      return seconds * unitsPerSecond + BigInt(moment.fraction.padEnd(digits, '0').slice(0, digits) || '0');
    },
    print: (units) => {
      const fraction = ((units % unitsPerSecond) + unitsPerSecond) % unitsPerSecond;
      const text = new Date(Number((units - fraction) / unitsPerSecond) * 1000)
        .toISOString()
        .slice(0, 19)
        .replace('T', ' ');
      return fraction === 0n ? text : `${text}.${String(fraction).padStart(digits, '0')}`;
    },
  };
}
