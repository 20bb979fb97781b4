import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inBatchOrigin, inBatchVerdict } from '../../src/core/report/inBatchText.ts';
import { render } from '../../src/core/message/message.ts';
import { Batch, expectedInBatch, InBatch } from '../../src/core/sampling/inBatch.ts';
import type { RowOrder } from '../../src/core/sampling/placement.ts';
import { StringIds } from '../../src/core/sampling/world/idTexts.ts';
import type { UserItems } from '../../src/core/sampling/world/world.ts';
import { Dice } from '../sampling/dice.ts';

const itemCount = 12;
const texts = Array.from({ length: itemCount }, (_, item) => `i${item}`);

/** A batch made by hand: one item per positive. */
function batchOf(number: number, items: readonly number[]): Batch {
  const distinct = [...new Set(items)].sort((a, b) => a - b);
  return new Batch(
    number,
    Uint32Array.from(distinct),
    Uint32Array.from(distinct, (item) => items.filter((other) => other === item).length),
  );
}
const chosenBy = (...users: readonly (readonly number[])[]): UserItems => {
  const offsets = Uint32Array.from({ length: users.length + 1 }, (_, user) =>
    users.slice(0, user).reduce((sum, { length }) => sum + length, 0),
  );
  return { offsets, items: Uint32Array.from(users.flat()) };
};
function inBatch(
  positives: readonly number[],
  { maskSameItem = true, batchSize = 100, binOf = (item: number): number => item % 3 } = {},
): InBatch {
  const times = texts.map((_, item) => positives.filter((one) => one === item).length);
  return new InBatch({
    order: 'shuffled',
    maskSameItem,
    batchSize,
    positives: positives.length,
    times,
    texts: new StringIds(texts),
    bins: { count: 2, ofItem: texts.map((_, item) => binOf(item)) },
  });
}

describe('in-batch negatives of a positive', () => {
  const items = [3, 4, 3, 5, 6, 7, 3, 4];
  const batch = batchOf(2, items);

  test('are the others of its batch, as often as they are there, without its own item', () => {
    const made = inBatch(items);
    made.add(batch, 0, chosenBy([3, 4]), [{ group: 9, item: 3 }]);
    const logQ = (times: number): number => Math.log(times / 8);
    assert.deepEqual(made.resultOf(9), {
      batch: 2,
      others: 7,
      masked: 2,
      distinct: 4,
      falseNegatives: 2,
      items: [
        { item: 'i4', count: 2, logQ: logQ(2) },
        { item: 'i5', count: 1, logQ: logQ(1) },
        { item: 'i6', count: 1, logQ: logQ(1) },
        { item: 'i7', count: 1, logQ: logQ(1) },
      ],
    });
    assert.equal(made.resultOf(8), null);
  });
  test('include the same item as a false negative if it is not masked', () => {
    const made = inBatch(items, { maskSameItem: false });
    made.add(batch, 0, chosenBy([]), [{ group: 0, item: 3 }]);
    const found = made.resultOf(0);
    assert.deepEqual(
      [
        found?.masked,
        found?.distinct,
        found?.falseNegatives,
        found?.items.map(({ item, count }) => `${item} ${count}`),
      ],
      [0, 5, 2, ['i3 2', 'i4 2', 'i5 1', 'i6 1', 'i7 1']],
    );
  });
  test('do not exist in a batch of one', () => {
    const made = inBatch([1]);
    made.add(batchOf(0, [1]), 0, chosenBy([1]), [{ group: 0, item: 1 }]);
    assert.deepEqual(made.resultOf(0), { batch: 0, others: 0, masked: 0, distinct: 0, falseNegatives: 0, items: [] });
    assert.equal(expectedInBatch(1, 1, 64), 0);
  });
  test('sum over users and batches, by bin of popularity; items without a bin count as well', () => {
    const made = inBatch([...items, 8, 9], { batchSize: 8 });
    made.add(batch, 0, chosenBy([3], [6, 7]), [
      { group: 0, item: 3 },
      { group: 1, item: 4 },
    ]);
    made.add(batch, 1, chosenBy([3], [6, 7]), [{ group: 2, item: 6 }]);
    made.add(batchOf(3, [8, 9]), 1, chosenBy([3], [6, 7]), [{ group: 3, item: 8 }]);
    // Negatives: 4 4 5 6 7; 3 3 3 5 6 7; 3 4 3 5 7 3 4; 9. Items 5 and 8 have no bin.
    assert.deepEqual(made.totals(0.5), {
      order: 'shuffled',
      positives: 10,
      batches: 2,
      negatives: 19,
      masked: 3,
      falseNegatives: 0 + 3 + 1,
      bins: [9, 7],
      distance: 0.5,
    });
  });
});

test('counts of random batches equal those of a naive count', () => {
  const dice = new Dice('batches');
  for (let round = 0; round < 200; round++) {
    const items = Array.from({ length: dice.whole(1, 30) }, () => dice.whole(0, itemCount - 1));
    const chosen = texts.map((_, item) => item).filter(() => dice.chance(0.3));
    const maskSameItem = dice.chance(0.5);
    const made = inBatch(items, { maskSameItem });
    const batch = batchOf(round, items);
    made.add(
      batch,
      0,
      chosenBy(chosen),
      items.map((item, group) => ({ group, item })),
    );
    let all = 0;
    for (const [group, own] of items.entries()) {
      const negatives = items.filter((item, other) => other !== group && !(maskSameItem && item === own));
      const counts = [...new Set(negatives)]
        .map((item) => ({ item, count: negatives.filter((one) => one === item).length }))
        .sort((a, b) => b.count - a.count || a.item - b.item);
      const found = made.resultOf(group);
      assert.deepEqual(
        found && [
          found.others - found.masked,
          found.distinct,
          found.falseNegatives,
          found.items.map(({ item, count }) => [item, count]),
        ],
        [
          negatives.length,
          counts.length,
          negatives.filter((item) => item === own || chosen.includes(item)).length,
          counts.slice(0, 5).map(({ item, count }) => [`i${item}`, count]),
        ],
      );
      all += negatives.length;
    }
    assert.equal(made.totals(null).negatives, all);
  }
});

test('the expected count is the mean over all orders', () => {
  // Positives a a b c d in batches of two. Over all orders of the five: how often a is with b.
  const items = ['a', 'a', 'b', 'c', 'd'];
  const orders = (left: readonly number[]): number[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap((one) => orders(left.filter((other) => other !== one)).map((rest) => [one, ...rest]));
  const every = orders(items.map((_, k) => k));
  const met = every.map((order) => {
    const place = order.indexOf(2);
    return order.filter((k, at) => items[k] === 'a' && Math.floor(at / 2) === Math.floor(place / 2)).length;
  });
  assert.ok(Math.abs(met.reduce((sum, n) => sum + n, 0) / every.length - expectedInBatch(2, 5, 2)) < 1e-12);
});

describe('texts about batches', () => {
  const pair = { order: 'shuffled' as RowOrder, times: 3, positives: 9, groups: 1, drawn: 2, expected: 1.5 };
  const verdict = (of: Partial<typeof pair>, ofUser: number): string =>
    render(inBatchVerdict({ ...pair, ...of }, ofUser, String).text);

  test('a pair that this seed downsampled is reported as never with this seed only', () => {
    assert.equal(
      verdict({ times: 0, groups: 0, drawn: 0, expected: 0 }, 2),
      'In-batch: never with this seed; no batch has a positive of this item.',
    );
    assert.equal(
      verdict({ groups: 0, drawn: 0, expected: 0 }, 0),
      'In-batch: never with this seed; no batch has a positive of this user.',
    );
  });
  test('one positive is written in the singular', () => {
    assert.equal(
      verdict({}, 1),
      'In-batch: a negative of the only positive of this user with this seed; 1.5 expected.',
    );
    assert.equal(verdict({}, 2), 'In-batch: a negative of 1 of 2 positives of this user with this seed; 1.5 expected.');
  });
  test('in the order of users, the seed changes nothing, and a shuffled file is the other case', () => {
    assert.equal(
      verdict({ order: 'user', groups: 0, drawn: 0 }, 2),
      'In-batch: a negative of 0 of 2 positives of this user in the order of users; 1.5 expected in a shuffled file.',
    );
  });
  test('the origin names many batches, one batch, one positive, or no positives', () => {
    const origin = (positives: number, batches: number, order: RowOrder = 'shuffled'): string =>
      render(inBatchOrigin({ order, positives, batches })).replace('Made by the trainer, never written: ', '');
    assert.deepEqual(
      [origin(9, 2), origin(9, 2, 'user'), origin(9, 1), origin(1, 1), origin(0, 0)],
      [
        '2 batches of the 9 positives of all users',
        '2 batches of the 9 positives of all users, in the order of users',
        'all 9 positives are one batch',
        'the only positive is alone in its batch',
        'with this seed, there is no positive for a batch',
      ],
    );
  });
});
