import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { IntegerIds, StringIds } from '../../src/core/sampling/world/idTexts.ts';
import { idOrder, indexOfId } from '../../src/engine/inputs/idOrder.ts';
import { wordsAt } from '../../src/engine/inputs/wordsAt.ts';

const integersOf = (values: readonly bigint[]): IntegerIds =>
  new IntegerIds(new Uint32Array(BigInt64Array.from(values).buffer));
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe('ids by their numbers', () => {
  test('integers have exact texts, and an unknown number has the empty text', () => {
    const values = [-(2n ** 63n), -9007199254740993n, -1n, 0n, 4294967296n, 2n ** 63n - 1n];
    const ids = integersOf(values);
    assert.equal(ids.count, values.length);
    assert.deepEqual(
      Array.from(values, (_, number) => ids.textOf(number)),
      values.map(String),
    );
    assert.deepEqual([ids.textOf(values.length), new StringIds(['a']).textOf(1)], ['', '']);
  });

  test('an id is found at its place among integers in their order, and nowhere else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(int64, { maxLength: 40 }), int64, (values, other) => {
        const sorted = values.toSorted((a, b) => (a < b ? -1 : 1));
        const ids = integersOf(sorted);
        sorted.forEach((value, place) => {
          assert.equal(indexOfId(ids, String(value), idOrder('integer')), place);
        });
        assert.equal(indexOfId(ids, String(other), idOrder('integer')), sorted.indexOf(other));
      }),
    );
  });

  test('the empty text is found only if it is one of the ids', () => {
    const place = (texts: readonly string[], id: string): number =>
      indexOfId(new StringIds(texts), id, idOrder('string'));
    assert.deepEqual([place(['', 'a'], ''), place(['a'], ''), place([], ''), place(['a'], 'b')], [0, -1, -1, -1]);
  });

  test('two words are fetched for each id, however many are requested', () => {
    fc.assert(
      fc.property(
        fc.array(int64, { minLength: 1, maxLength: 20 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        fc.nat(5),
        fc.nat(8),
        (values, asked, fewer, room) => {
          const numbers = Uint32Array.from(asked, (one) => one % values.length);
          const count = Math.max(0, numbers.length - fewer);
          const into = new Uint32Array(2 * (count + room)).fill(7);
          const all = wordsAt(integersOf(values).words, numbers, count, into);
          assert.equal(all, into);
          assert.deepEqual(
            [...new BigInt64Array(all.slice(0, 2 * count).buffer)],
            [...numbers.subarray(0, count)].map((number) => values[number]),
          );
          assert.ok(
            all.subarray(2 * count).every((word) => word === 7),
            'nothing behind them is touched',
          );
        },
      ),
    );
  });
});
