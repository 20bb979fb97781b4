import assert from 'node:assert/strict';
import { test } from 'node:test';
import { likelyColumns, likeness, missingRoles } from '../../src/core/config/starterData.ts';
import { guessRoles } from '../../src/core/table/guessRoles.ts';
import type { LogicalType } from '../../src/core/table/type.ts';

const int: LogicalType = { kind: 'integer', bits: 64, signed: true };
const string: LogicalType = { kind: 'string' };

/** Columns with guessed roles, as an opened data set has them. */
function columns(types: Readonly<Record<string, LogicalType>>, partition = ''): Parameters<typeof likeness>[1] {
  const named = Object.entries(types).map(([name, type]) => ({ name, type }));
  return guessRoles(named).map((role, k) => {
    const { name = '', type = string } = named[k] ?? {};
    return { name, type, role, partition: name === partition };
  });
}

const log = columns(
  { uid: int, scene: string, thing_id: string, thing: string, ts: int, is_click: int, dt: string },
  'dt',
);

test('a data set with a time and a label is a log, although its item has an unusual name', () => {
  assert.ok(likeness('log', log).impressions > 0);
  assert.deepEqual(missingRoles('impressions', { columns: log }), ['item']);
  assert.equal(likeness('prices.csv', columns({ date: string, close: int })).impressions, 0);
});

test('for a missing item, ids without a role are the likeliest columns, and partitions are none', () => {
  assert.deepEqual(
    likelyColumns('item', log).map(({ name }) => name),
    ['thing_id', 'scene', 'thing', 'uid', 'ts', 'is_click'],
  );
});
