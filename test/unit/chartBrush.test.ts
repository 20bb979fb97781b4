import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedFilter } from '../../src/core/table/condition.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { brushCondition, withNull } from '../../webview/grid/chartBrush.ts';

const type = { kind: 'string' } as const;
const profile = {
  name: 'city',
  type,
  role: null,
  histogram: {
    kind: 'parts',
    parts: [
      { value: 'Paris', count: 6 },
      { value: 'Oslo', count: 3 },
      { value: null, count: 1 },
    ],
  },
} as unknown as ColumnProfile;

test('a brush over values and NULL keeps both', () => {
  assert.deepEqual(brushCondition(profile, 90, 5, 35), { column: 'city', op: 'in', values: ['Paris', 'Oslo'] });
  assert.deepEqual(brushCondition(profile, 90, 70, 70), { column: 'city', op: 'is null', values: [] });
  const both = brushCondition(profile, 90, 40, 80) ?? assert.fail('no bar');
  assert.equal(both.orNull, true);
  const filter = withNull({ conditions: [], expression: 'n > 1' }, both, type);
  assert.equal(filter.expression, "(n > 1) and (city = 'Oslo' or city is null)");
  assert.ok(
    typedFilter(filter, [
      { name: 'city', type },
      { name: 'n', type: { kind: 'integer', bits: 64, signed: true } },
    ]),
  );
});
