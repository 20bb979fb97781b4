/** Times in microseconds, both inclusive; infinite if a window has no end. */
export interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** SQL of an instant as microseconds since 1970 UTC, a double. */
export function microseconds(instant: string): string {
  return `CAST(epoch_us(${instant}) AS DOUBLE)`;
}

/**
 * SQL that is true for times from `from` to `to`, both inclusive. Compares timestamps, so that DuckDB can skip parts of
 * files.
 */
export function within(time: string, { from, to }: Bounds): string {
  const at = (us: number): string => `make_timestamp(${BigInt(us)})`;
  if (from === Infinity || to === -Infinity) return 'false';
  const tests = [
    ...(from === -Infinity ? [] : [`${time} >= ${at(from)}`]),
    ...(to === Infinity ? [] : [`${time} <= ${at(to)}`]),
  ];
  return tests.length === 0 ? 'true' : `(${tests.join(' AND ')})`;
}
