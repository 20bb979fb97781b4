import { formatFloats, shortestFloat } from '../../src/core/table/format.ts';

/** The numbers of a column that decide its number format. */
interface Reference {
  largest: number;
  smallest: number;
  finest: number;
  decimals: number;
}

/** Formats the floats of a column the same way on every screen: earlier values also affect the number of decimals. */
export class FloatColumns {
  private readonly references = new Map<number, Reference>();

  reset(): void {
    this.references.clear();
  }

  texts(index: number, bits: 32 | 64, values: readonly (number | null)[]): string[] {
    const reference = this.references.get(index) ?? { largest: 0, smallest: 0, finest: 0, decimals: -1 };
    this.references.set(index, reference);
    for (const value of values) if (value !== null && Number.isFinite(value)) see(reference, value, bits);
    return formatFloats([...values, reference.largest, reference.smallest, reference.finest], bits).slice(
      0,
      values.length,
    );
  }
}

function see(reference: Reference, value: number, bits: 32 | 64): void {
  const size = Math.abs(value);
  reference.largest = Math.max(reference.largest, size);
  if (size > 0 && (reference.smallest === 0 || size < reference.smallest)) reference.smallest = size;
  const text = shortestFloat(value, bits);
  const point = text.indexOf('.');
  const decimals = point < 0 ? 0 : text.length - point - 1;
  if (decimals > reference.decimals) {
    reference.decimals = decimals;
    reference.finest = value;
  }
}
