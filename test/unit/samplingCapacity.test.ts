import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listBytes, valuesPerGroup } from '../../src/core/sampling/listBytes.ts';
import {
  fitsBoth,
  shortage,
  neededToDraw,
  neededToRead,
  type FileSizes,
  type Capacity,
} from '../../src/core/sampling/capacity.ts';

const sizes: FileSizes = {
  rows: 11e6,
  groups: 1e6,
  columns: 12,
  cellBytes: 2,
  lists: { valuesPerGroup: 0, bytes: 0 },
  bufferedRows: 11e6,
  blockRows: 200_000,
  poolItems: 500_000,
  poolCopyBytes: 0,
  used: { memory: 1e9, disk: 0 },
  limit: 2e9,
};
const room: Capacity = { memory: 8e9, temporary: 50e9, target: 50e9, oneDisk: false };

describe('space that a sample file needs', () => {
  test('a million positives with ten negatives each fit a laptop', () => {
    const needed = neededToDraw(sizes);
    assert.deepEqual({ ...needed, memory: needed.memory < 1e9 }, { memory: true, temporary: 181e6, target: 264e6 });
    assert.equal(shortage(needed, room), null);
  });

  test('data held in memory need no disk; only spilled data do', () => {
    assert.equal(neededToDraw({ ...sizes, limit: 8e9 }).temporary, 0);
    assert.equal(
      neededToDraw({ ...sizes, rows: 10 * sizes.rows, bufferedRows: 10 * sizes.rows }).temporary -
        neededToDraw(sizes).temporary,
      9 * 51 * sizes.rows,
    );
    assert.deepEqual(
      [
        neededToDraw({ ...sizes, bufferedRows: 1e6 }).temporary,
        neededToDraw({ ...sizes, rows: 0, groups: 0 }).temporary,
      ],
      [0, 0],
    );
    assert.equal(
      neededToDraw({ ...sizes, used: { memory: 1.6e9, disk: 5e9 } }).temporary,
      51 * sizes.rows + 220 * sizes.groups,
    );
  });

  test('a user with very many rows, and pools, take memory', () => {
    assert.equal(neededToDraw({ ...sizes, blockRows: 10_200_000 }).memory - neededToDraw(sizes).memory, 2.5e9);
    assert.equal(neededToDraw({ ...sizes, poolItems: 10_500_000 }).memory - neededToDraw(sizes).memory, 280e6);
    assert.equal(neededToDraw({ ...sizes, poolCopyBytes: 40e6 }).memory - neededToDraw(sizes).memory, 40e6);
  });

  test('lists of sequences take space in the file, and in kept groups', () => {
    const lists = neededToDraw({ ...sizes, lists: { valuesPerGroup: 48, bytes: 211e6 } });
    assert.equal(lists.target - neededToDraw(sizes).target, 211e6);
    assert.equal(lists.temporary - neededToDraw(sizes).temporary, 48 * 8 * sizes.groups);
  });

  // Sizes of files with 30,000 requests of ten exposures and up to 50 clicks, less those without histories, in MB.
  for (const [layout, order, rowsOf, megabytes] of [
    ['long', 'user', 'impression', 1.2],
    ['long', 'shuffled', 'impression', 23],
    ['long', 'shuffled_rows', 'impression', 33.4],
    ['grouped', 'user', 'request', 0.5],
    ['grouped', 'shuffled', 'request', 2.2],
    ['request', 'user', 'impression', 0.8],
    ['request', 'shuffled', 'impression', 2.5],
    ['user', 'user', 'impression', 0.5],
    ['user', 'shuffled', 'impression', 0.5],
  ] as const)
    test(`the lists of a file in the layout ${layout}, order ${order}, take about as much as measured`, () => {
      const groups = rowsOf === 'impression' ? 300_000 : 30_000;
      const steps = 12.23 * groups;
      const values = valuesPerGroup([{ columns: 2, groups, requests: 30_000, steps, stored: 54_407 }]);
      const estimate = listBytes(values, { rows: 300_000, groups }, { layout, order, format: 'parquet' }) / 1e6;
      assert.ok(estimate > 0.9 * megabytes && estimate < 2 * megabytes, String(estimate));
    });

  test('items are read together with the logs only if both fit and no column is carried along', () => {
    const asked = { items: 500_000, copiedColumns: 0, limit: 2e9 };
    assert.equal(fitsBoth(asked), true);
    assert.equal(fitsBoth({ ...asked, copiedColumns: 1 }), false);
    assert.equal(fitsBoth({ ...asked, limit: 0.5e9 }), false);
    assert.equal(fitsBoth({ ...asked, items: 20e6 }), false);
  });

  test('logs are spilled and sorted on disk', () => {
    assert.deepEqual(neededToRead({ rows: 20e6, columns: 6, limit: 4e9 }), { memory: 0, temporary: 0, target: 0 });
    assert.equal(neededToRead({ rows: 1e9, columns: 6, limit: 2e9 }).temporary, 142.4e9);
  });
});

describe('shortage of space', () => {
  const needed = { memory: 10, temporary: 20, target: 30 };
  const there: Capacity = { memory: 10, temporary: 20, target: 30, oneDisk: false };

  test('there is no shortage if the space just suffices or is unknown', () => {
    assert.equal(shortage(needed, there), null);
    assert.equal(shortage(needed, { memory: null, temporary: null, target: null, oneDisk: false }), null);
  });

  test('each shortage has both sizes', () => {
    assert.deepEqual(shortage(needed, { ...there, memory: 9 }), { resource: 'memory', needed: 10, available: 9 });
    assert.deepEqual(shortage(needed, { ...there, temporary: 19 }), {
      resource: 'temporary',
      needed: 20,
      available: 19,
    });
    assert.deepEqual(shortage(needed, { ...there, target: 29 }), { resource: 'target', needed: 30, available: 29 });
  });

  test('on one disk, temporary files and target are added up', () => {
    const one = { ...there, temporary: 49, target: 49, oneDisk: true };
    assert.deepEqual(shortage(needed, one), { resource: 'target', needed: 50, available: 49 });
    assert.equal(shortage(needed, { ...one, target: 50 }), null);
  });
});
