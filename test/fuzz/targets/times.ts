import { base64, type Step } from '../case.ts';
import type { Dice } from '../dice.ts';
import type { Expected } from '../expectation.ts';
import type { Target } from '../target.ts';
import { writeParquet, type ParquetKind } from '../writeParquet.ts';

/** Nanoseconds of a step, and the largest value that a type allows; null: those of its physical type. */
const kinds: readonly (readonly [ParquetKind, bigint, bigint | null, string?])[] = [
  ['date', 86_400_000_000_000n, null],
  ['time-ms', 1_000_000n, 86_400_000n],
  ['time-us', 1000n, 86_400_000_000n],
  ['time-ns', 1n, 86_400_000_000_000n],
  ['timetz-us', 1000n, 86_400_000_000n],
  ['timestamp-ms', 1_000_000n, null],
  ['timestamp-us', 1000n, null],
  ['timestamp-ns', 1n, null],
  ['timestamptz-ms', 1_000_000n, null],
  ['timestamptz-us', 1000n, null],
  // Read in microseconds, with a notice.
  ['timestamptz-ns', 1n, null, '1000'],
];

const INFINITE_DATE = 2n ** 31n - 1n;

/** A number of any size: in or near the range of a type, a power of two, or random. */
function anyNumber(dice: Dice, bits: number, most: bigint): bigint {
  const near = BigInt(dice.below(3) - 1);
  const sign = dice.chance(0.3) ? -1n : 1n;
  switch (dice.below(4)) {
    case 0:
      return sign * most + near;
    case 1:
      return BigInt.asIntN(bits, sign * (1n << BigInt(dice.below(bits))) + near);
    case 2:
      return BigInt.asIntN(bits, BigInt(dice.below(2 ** 31)) * BigInt(dice.below(2 ** 31)) * sign);
    default:
      return BigInt(dice.below(2 ** 31)) % most;
  }
}

/** Dates and times of any number in Parquet: exact, or refused. */
export const times: Target = {
  name: 'times',
  short: 15,
  shipped: 0.02,
  mutant(dice, _seeds, rounds) {
    const rows = 3;
    const columns = Array.from({ length: Math.min(rounds, 2) }, (_, k) => {
      const [kind, unit, most, cut] = dice.pick(kinds);
      const bits = kind === 'date' || kind === 'time-ms' ? 32 : 64;
      const values = Array.from({ length: rows }, () =>
        BigInt.asIntN(bits, anyNumber(dice, bits, most ?? (1n << BigInt(bits - 1)) - 1n)),
      );
      const expected = values.map((value): Expected => {
        // DuckDB writes infinite dates as the two ends of 32 bits.
        if (kind === 'date' && (value === INFINITE_DATE || value === -INFINITE_DATE))
          return value > 0n ? 'infinity' : '-infinity';
        const nanoseconds = String(value * unit);
        return cut === undefined ? { nanoseconds } : { nanoseconds, cut };
      });
      return { name: `c${k}`, kind, values, expected };
    });
    const expected = Array.from({ length: rows }, (_, row) =>
      columns.map(({ name, expected }): [string, Expected] => [name, expected[row] ?? '']),
    );
    const read = ['inspect', 'f.parquet'];
    const more: Step[] = [
      { kind: 'cli', args: [...read, '--sort', 'c0', '--digest'] },
      { kind: 'cli', args: [...read, '--where', 'c0 is not null', '--format', 'json'] },
      { kind: 'cli', args: [...read, '--export', 'out.parquet', '--force'] },
    ];
    return {
      files: { 'f.parquet': base64(writeParquet(rows, columns)) },
      steps: [
        {
          kind: 'cli',
          args: [...read, '--format', 'json'],
          expects: { kind: 'rows', file: null, rows: expected },
        },
        {
          kind: 'cli',
          args: [...read, '--export', 'out.jsonl', '--force'],
          expects: { kind: 'rows', file: 'out.jsonl', rows: expected },
        },
        ...(dice.chance(0.3) ? [dice.pick(more)] : []),
      ],
    };
  },
};
