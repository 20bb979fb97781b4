import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ScoreCut } from '../../src/core/sampling/kernel/scoreCut.ts';

/** Indices of the candidates that stay: by descending score, missing scores last, equal scores by item. */
function staying(scores: readonly number[], skip: number, top: number): number[] {
  const order = scores
    .map((_, k) => k)
    .sort((a, b) => {
      const [left = NaN, right = NaN] = [scores[a], scores[b]];
      if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return a - b;
      if (Number.isNaN(left)) return 1;
      if (Number.isNaN(right)) return -1;
      return left > right ? -1 : 1;
    });
  return order.slice(skip, skip + top).sort((a, b) => a - b);
}

const score = fc.oneof(fc.constantFrom(NaN, -Infinity, Infinity, 0, -0, 1, 2), fc.double());
const scores = fc.array(score, { maxLength: 150 });

test('the cut keeps the items between skip and top of the full order, also when reused', () => {
  fc.assert(
    fc.property(fc.array(scores, { minLength: 1, maxLength: 3 }), fc.nat(20), fc.nat(120), (groups, skip, top) => {
      const cut = new ScoreCut(skip, top);
      for (const group of groups) {
        cut.start();
        group.forEach((one, k) => {
          cut.add(10 * k + 5, one);
        });
        cut.cut();
        assert.deepEqual(
          [...cut.selected.subarray(0, cut.size)],
          staying(group, skip, top).map((k) => 10 * k + 5),
        );
      }
    }),
    { numRuns: 3000, seed: 11 },
  );
});

test('a hypothetical candidate gives the same count as a real one', () => {
  fc.assert(
    fc.property(scores, score, fc.nat(150), fc.nat(20), fc.nat(120), (group, more, at, skip, top) => {
      const place = Math.min(at, group.length);
      const cut = new ScoreCut(skip, top);
      cut.start();
      group.forEach((one, k) => {
        cut.add(2 * k + 1, one);
      });
      cut.cut();
      const all = staying([...group.slice(0, place), more, ...group.slice(place)], skip, top);
      assert.equal(cut.sizeWith(2 * place, more), all.includes(place) ? all.length : 0);
    }),
    { numRuns: 3000, seed: 12 },
  );
});
