import type { Histogram } from '../../src/core/table/profile.ts';
import type { LogicalType } from '../../src/core/table/type.ts';

type RangeHistogram = Extract<Histogram, { kind: 'range' }>;

/** The type of the ends of the bins, for a column of `type`. */
export function binType({ of }: RangeHistogram, type: LogicalType): LogicalType {
  if (of === 'length') return { kind: 'integer', bits: 32, signed: true };
  return of === 'norm' ? { kind: 'float', bits: 64 } : type;
}

/** Lower end of a bin; null if the values are not numbers. */
export function binStart({ of, from, to, counts }: RangeHistogram, bin: number): number | null {
  if (typeof from !== 'number' || typeof to !== 'number') return null;
  const width = of === 'length' ? Math.ceil((to - from + 1) / counts.length) : (to - from) / counts.length;
  return from + width * bin;
}
