import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aliasTable } from '../../src/core/sampling/alias.ts';
import { KeyedOrder } from '../../src/core/sampling/kernel/keyedOrder.ts';
import { f64At, i16At, i32At, u16At, u32At, u8At, valueAt, valueFor } from '../../src/core/valueAt.ts';
import { numberIn } from '../../src/engine/database/numberIn.ts';
import { inBinsOf } from '../../webview/charts/popularity.ts';

describe('values at an index', () => {
  it('fail outside of the array, for every type', () => {
    for (const index of [-1, 2, 0.5, NaN]) {
      assert.throws(() => valueAt(['a', 'b'], index), /Index .* is outside of an array of 2 values/);
      assert.throws(() => f64At(new Float64Array(2), index), RangeError);
      assert.throws(() => u32At(new Uint32Array(2), index), RangeError);
      assert.throws(() => i32At(new Int32Array(2), index), RangeError);
      assert.throws(() => u16At(new Uint16Array(2), index), RangeError);
      assert.throws(() => i16At(new Int16Array(2), index), RangeError);
      assert.throws(() => u8At(new Uint8Array(2), index), RangeError);
    }
    assert.throws(() => valueFor(new Map([['a', 1]]), 'b'), RangeError);
  });

  it('may be 0, NaN or null', () => {
    assert.equal(f64At(new Float64Array(1), 0), 0);
    assert.equal(f64At(Float64Array.of(NaN), 0), NaN);
    assert.equal(valueAt([null], 0), null);
  });

  it('a draw outside of the items fails, and does not give item 0', () => {
    const order = new KeyedOrder({ s0: 1, s1: 2 }, new Uint32Array(2));
    assert.throws(() => {
      order.add(1);
    }, /Index 2 is outside of an array of 2 values/);
    assert.throws(() => order.itemAt(64), RangeError);
  });

  it('a result has its rows and columns; NULL is 0', () => {
    assert.equal(numberIn([null, 3n], 1), 3);
    assert.equal(numberIn([null]), 0);
    assert.throws(() => numberIn(undefined), RangeError);
    assert.throws(() => numberIn([1], 1), RangeError);
  });
});

describe('limits of a pool', () => {
  it('each has its own message', () => {
    assert.throws(() => aliasTable(Float64Array.of(2 ** 53, 1)), /sum to more than 2\^53/);
    const many = { length: 2 ** 30 + 1 } as Float64Array;
    assert.throws(() => aliasTable(many), /more than 2\^30 items/);
  });
});

describe('rows of another corpus on an axis of popularity', () => {
  it('are moved to its bins, not counted at the wrong place', () => {
    const rows = inBinsOf({ to: [0.25, 0.5, 1] }, { to: [0.5, 1] }, [6, 2]);
    assert.deepEqual(rows, [3, 3, 2]);
    assert.deepEqual(inBinsOf({ to: [0.5, 1] }, { to: [0.5, 1] }, [6, 2]), [6, 2]);
  });
});
