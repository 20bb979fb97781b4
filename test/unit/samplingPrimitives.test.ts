import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { aliasTable, type AliasTable } from '../../src/core/sampling/alias.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import { fmix32 } from '../../src/core/sampling/fmix32.ts';
import { joinKey } from '../../src/core/sampling/key.ts';
import { keyedDraw } from '../../src/core/sampling/keyedDraw.ts';
import { quotaCuts, quotasOf } from '../../src/core/sampling/quota.ts';
import { salts } from '../../src/core/sampling/salts.ts';
import { exponentOf, itemWeight } from '../../src/core/sampling/weight.ts';
import { hashWords } from '../../src/core/sampling/words.ts';

interface Vectors {
  readonly fmix32: readonly { readonly in: number; readonly out: number }[];
  readonly words: readonly Words[];
  readonly item_words: readonly Words[];
  readonly salts: readonly {
    readonly seed: string;
    readonly epoch: number;
    readonly stage: Stage;
    readonly entry: string;
    readonly s0: number;
    readonly s1: number;
  }[];
  readonly draws: {
    readonly key: string;
    readonly seed: string;
    readonly epoch: number;
    readonly stage: Stage;
    readonly entry: string;
    readonly k: readonly number[];
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly u: readonly number[];
  };
  readonly weights: readonly {
    readonly x: number;
    readonly exponent: number;
    readonly n65536: number;
    readonly weight: number;
  }[];
  readonly alias: readonly {
    readonly weights: readonly number[];
    readonly L: number;
    readonly threshold: readonly number[];
    readonly alias: readonly number[];
  }[];
  readonly quota: readonly {
    readonly shares: readonly number[];
    readonly N: number;
    readonly v: number;
    readonly quota: readonly number[];
  }[];
}
interface Words {
  readonly text: string;
  readonly k0: number;
  readonly k1: number;
}
const vectors = JSON.parse(
  readFileSync(new URL('../golden/sampling/vectors.json', import.meta.url), 'utf8'),
) as Vectors;

const quotas = (perGroup: number, shares: readonly number[], offset: number): number[] => {
  const made = new Float64Array(shares.length);
  quotasOf(quotaCuts(perGroup, shares), offset, made);
  return [...made];
};
/** Effective thresholds: a column that is its own alias accepts every word. */
const thresholds = ({ columns }: AliasTable): number[] =>
  pairs(columns).map(([threshold, alias], j) => (alias === j ? 2 ** 32 : threshold));
const aliases = ({ columns }: AliasTable): number[] => pairs(columns).map(([, alias]) => alias);
const pairs = (columns: Uint32Array): [number, number][] =>
  Array.from({ length: columns.length / 2 }, (_, j) => [columns[2 * j] ?? NaN, columns[2 * j + 1] ?? NaN]);

describe('golden vectors', () => {
  test('fmix32', () => {
    for (const { in: word, out } of vectors.fmix32) assert.equal(fmix32(word), out);
  });
  test('words of keys and items', () => {
    for (const { text, k0, k1 } of [...vectors.words, ...vectors.item_words])
      assert.deepEqual(hashWords(text), [k0, k1]);
  });
  test('salts', () => {
    for (const { seed, epoch, stage, entry, s0, s1 } of vectors.salts)
      assert.deepEqual(salts({ seed, epoch, stage }, entry), { s0, s1 });
  });
  test('draws', () => {
    const { key, entry, k, a, b, u, ...plan } = vectors.draws;
    const drawn = k.map((attempt) => keyedDraw(...hashWords(key), salts(plan, entry), attempt));
    assert.deepEqual(
      drawn,
      k.map((_, n) => ({ a: a[n], b: b[n], u: u[n] })),
    );
  });
  test('weights', () => {
    for (const { x, exponent, n65536, weight } of vectors.weights) {
      assert.equal(exponentOf(exponent), n65536);
      assert.equal(itemWeight(x, n65536), weight, `${x}^${exponent}`);
    }
  });
  test('alias tables', () => {
    for (const { weights, L, threshold, alias } of vectors.alias) {
      const table = aliasTable(Float64Array.from(weights));
      assert.equal(table.bits, L);
      assert.deepEqual(thresholds(table), threshold);
      assert.deepEqual(aliases(table), alias);
    }
  });
  test('quotas', () => {
    for (const { shares, N, v, quota } of vectors.quota) assert.deepEqual(quotas(N, shares, v), quota);
  });
});

describe('words and keys', () => {
  test('words are those of MD5 over UTF-8, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const hex = createHash('md5').update(text, 'utf8').digest('hex');
        assert.deepEqual(hashWords(text), [parseInt(hex.slice(0, 8), 16), parseInt(hex.slice(8, 16), 16)]);
      }),
    );
  });
  test('missing parts of a key are empty, and the separator is refused', () => {
    assert.equal(joinKey(['u1', null, '7']), 'u1\u001f\u001f7');
    assert.throws(() => joinKey(['u\u001f1', 'i']), {
      failure: {
        code: 'unsupported',
        refusal: 'id-separator',
        message: { text: 'The id {0} contains U+001F, which separates the parts of a key', args: ['"u\\u001f1"'] },
        advice: { text: 'Write the ids without this character.' },
      },
    });
  });
});

/** The same table in arbitrary precision, computed column by column from the definition. */
function exactTable(weights: readonly number[]): { threshold: number[]; alias: number[] } {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const bits = weights.length <= 1 ? 0 : Math.ceil(Math.log2(weights.length));
  const size = 2 ** bits;
  let cumulated = 0;
  let before = 0n;
  const units = weights.map((weight) => {
    cumulated += weight;
    const end = BigInt(Math.floor((cumulated / total) * 2 ** (bits + 32)));
    const own = end - before;
    before = end;
    return own;
  });
  while (units.length < size) units.push(0n);
  const unit = 1n << 32n;
  const heavy: { j: number; upTo: bigint }[] = [];
  const light: { j: number; before: bigint; upTo: bigint }[] = [];
  let surplus = 0n;
  let deficit = 0n;
  for (const [j, own] of units.entries()) {
    if (own >= unit) heavy.push({ j, upTo: (surplus += own - unit) });
    else light.push({ j, before: deficit, upTo: (deficit += unit - own) });
  }
  const threshold = units.map(Number);
  const alias = units.map((_, j) => j);
  for (const { j, before: earlier } of light) alias[j] = heavy.find(({ upTo }) => upTo >= earlier)?.j ?? -1;
  for (const [n, { j, upTo }] of heavy.entries()) {
    const taker = light.find((each) => each.upTo > upTo);
    threshold[j] = taker ? Number(unit - (taker.upTo - upTo)) : 2 ** 32;
    if (taker) alias[j] = heavy[n + 1]?.j ?? -1;
  }
  return { threshold, alias };
}

const weightLists = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 70 }),
  fc.array(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 ** 44 })), {
    minLength: 1,
    maxLength: 200,
  }),
  // Many columns of equal weight: no light column, or heavy ones without surplus.
  fc.integer({ min: 1, max: 64 }).map((count) => Array.from({ length: count }, () => 1024)),
);

describe('alias tables', () => {
  test('equal those computed with arbitrary precision', () => {
    fc.assert(
      fc.property(weightLists, (weights) => {
        const table = aliasTable(Float64Array.from(weights));
        const exact = exactTable(weights);
        assert.deepEqual(thresholds(table), exact.threshold);
        assert.deepEqual(aliases(table), exact.alias);
      }),
      { numRuns: 400 },
    );
  });

  test('give each item its probability within 2^-32 and rounding', () => {
    fc.assert(
      fc.property(weightLists, (weights) => {
        const { bits, columns } = aliasTable(Float64Array.from(weights));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const chance = new Float64Array(2 ** bits);
        for (const [j, [threshold, alias]] of pairs(columns).entries()) {
          const kept = alias === j ? 1 : threshold / 2 ** 32;
          chance[j] = (chance[j] ?? 0) + kept / 2 ** bits;
          chance[alias] = (chance[alias] ?? 0) + (1 - kept) / 2 ** bits;
        }
        for (const [i, value] of chance.entries())
          assert.ok(Math.abs(value - (weights[i] ?? 0) / total) <= 2 ** -32, `item ${i}: ${value}`);
      }),
    );
  });

  test('refuse weights that doubles cannot add', () => {
    assert.throws(() => aliasTable(Float64Array.of(2 ** 53, 1)), /2\^53/);
  });
});

describe('quotas', () => {
  const mixes = fc
    .array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 })
    .filter((parts) => parts.some((part) => part > 0))
    .map((parts) => {
      const whole = parts.reduce((sum, part) => sum + part, 0);
      return parts.map((part) => part / whole);
    });

  test('sum to the negatives per group, whatever the offset', () => {
    fc.assert(
      fc.property(
        mixes,
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (shares, perGroup, offset) => {
          const made = quotas(perGroup, shares, offset);
          assert.equal(
            made.reduce((sum, quota) => sum + quota, 0),
            perGroup,
          );
          for (const [s, quota] of made.entries())
            assert.ok(
              quota >= 0 && Math.abs(quota - perGroup * (shares[s] ?? 0)) <= 1 + perGroup * 1e-9,
              `${quota} of ${perGroup} × ${shares[s]}`,
            );
        },
      ),
    );
  });

  test('have the expected value of their shares over all offsets', () => {
    fc.assert(
      fc.property(mixes, fc.integer({ min: 1, max: 1000 }), (shares, perGroup) => {
        const { wholeCounts, remainders } = quotaCuts(perGroup, shares);
        let sum = 0;
        for (const [s, share] of shares.entries()) {
          sum += share;
          assert.ok(
            Math.abs((wholeCounts[s] ?? 0) + (remainders[s] ?? 0) / 2 ** 32 - perGroup * sum) <
              perGroup * 2e-9 + 2 ** -31,
          );
        }
      }),
    );
  });

  test('a sum that rounding lifts above 1 makes no quota negative', () => {
    assert.deepEqual(quotas(10, [0.5, 0.5 + 5e-10, 0], 2 ** 32 - 1), [5, 5, 0]);
  });

  test('shares that do not sum to 1 are used unchanged', () => {
    assert.deepEqual(quotas(10, [0.3, 0.2], 0), [3, 2]);
    assert.deepEqual(quotas(10, [1, 1], 0), [10, 10]);
  });
});
