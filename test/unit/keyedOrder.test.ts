import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fmix32 } from '../../src/core/sampling/fmix32.ts';
import { CurrentGroup } from '../../src/core/sampling/kernel/currentGroup.ts';
import { KeyedOrder } from '../../src/core/sampling/kernel/keyedOrder.ts';

const salts = { s0: 0x1234567, s1: 0x89abcdef };
const group = Object.assign(Object.create(CurrentGroup.prototype) as CurrentGroup, { k0: 77, k1: 99 });

/** The order of the specification: by both hashes, then by item. */
function inOrder(items: readonly number[], words: Uint32Array): number[] {
  const hashes = (item: number): readonly [number, number, number] => [
    fmix32(group.k0 ^ salts.s0 ^ (words[2 * item] ?? 0)),
    fmix32(group.k1 ^ salts.s1 ^ (words[2 * item + 1] ?? 0)),
    item,
  ];
  return [...items].sort((a, b) => {
    const [left, right] = [hashes(a), hashes(b)];
    const k = left.findIndex((value, i) => value !== right[i]);
    return k < 0 ? 0 : (left[k] ?? 0) - (right[k] ?? 0);
  });
}

test('the first rows of each part match the full order, even if hashes are equal', () => {
  const word = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 0xffffffff }));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 120 }),
      fc.integer({ min: 0, max: 60 }),
      fc.nat(),
      (made, count, cut) => {
        const words = Uint32Array.from(made.flat());
        const order = new KeyedOrder(salts, words);
        const items = made.map((_, item) => item);
        order.start(group);
        for (const item of items) order.add(item);
        const middle = cut % (items.length + 1);
        for (const [from, to] of [
          [0, middle],
          [middle, items.length],
        ] as const) {
          order.select(from, to, count);
          const expected = inOrder(items.slice(from, to), words).slice(0, count);
          assert.deepEqual(
            expected.map((_, k) => order.itemAt(from + k)),
            expected,
          );
        }
      },
    ),
    { numRuns: 2000, seed: 5 },
  );
});
