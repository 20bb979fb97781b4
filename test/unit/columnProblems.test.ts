import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { columnProblems } from '../../src/core/table/columnProblems.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import type { Role } from '../../src/core/table/role.ts';
import type { LogicalType } from '../../src/core/table/type.ts';

const double: LogicalType = { kind: 'float', bits: 64 };
const int64: LogicalType = { kind: 'integer', bits: 64, signed: true };

const roleOf = (role: Role | null): ColumnProfile['role'] => role && { role, set: false, reason: { text: '' } };

function problems(
  facts: Partial<ColumnProfile>,
  {
    role = null,
    others = [],
    partition = false,
  }: { readonly role?: Role | null; readonly others?: readonly Role[]; readonly partition?: boolean } = {},
): string[] {
  const profile: ColumnProfile = {
    name: 'x',
    type: double,
    role: roleOf(role),
    rows: 100,
    nulls: 0,
    distinct: { value: 50, exact: true },
    min: 0,
    max: 1,
    mean: null,
    sd: null,
    quantiles: null,
    of: 'value',
    top: [],
    topExact: false,
    histogram: { kind: 'none' },
    ...facts,
  };
  const columns = [profile, { role: null, partition }, ...others.map((one) => ({ role: roleOf(one) }))];
  return columnProblems(profile, profile, columns).map(({ short }) => render(short));
}

test('NULLs and equal values', () => {
  assert.deepEqual(problems({}), []);
  assert.deepEqual(problems({ nulls: 100 }), ['all NULL']);
  assert.deepEqual(problems({ nulls: 50 }), []);
  assert.deepEqual(problems({ nulls: 51 }), ['51.0 % NULL']);
  assert.deepEqual(problems({ distinct: { value: 1, exact: true } }), ['constant']);
  assert.deepEqual(problems({ distinct: { value: 1, exact: false } }), []);
  assert.deepEqual(problems({ distinct: { value: 1, exact: false }, max: 0 }), ['constant']);
  assert.deepEqual(
    problems({ distinct: { value: 2, exact: false }, max: 0, notFinite: { nan: 3, infinite: 0 } }),
    ['3 NaN'],
    'NaN is another value',
  );
  assert.deepEqual(problems({ distinct: { value: 1, exact: true }, nulls: 60 }), ['one value', '60.0 % NULL']);
  assert.deepEqual(problems({ distinct: { value: 1, exact: true }, nulls: 99 }), ['99.0 % NULL']);
  assert.deepEqual(problems({ rows: 0, nulls: 0 }), []);
});

test('floats: NaN, infinite values, ids', () => {
  assert.deepEqual(problems({ notFinite: { nan: 3, infinite: 1200 } }), ['3 NaN', '1,200 infinite']);
  for (const name of ['user_id', 'itemId', 'uid', '物料id', 'ID'])
    assert.deepEqual(problems({ name }), ['ids as floats'], name);
  for (const name of ['paid', 'bid', 'score']) assert.deepEqual(problems({ name }), [], name);
  assert.deepEqual(problems({}, { role: 'user' }).includes('ids as floats'), true);
  assert.deepEqual(problems({ name: 'user_id', type: int64 }), []);
});

test('an id repeats in a table that has one row for each', () => {
  const items = { name: 'item_id', type: int64, distinct: { value: 97, exact: true } };
  assert.deepEqual(problems(items, { role: 'item' }), ['3 duplicates']);
  assert.deepEqual(problems({ ...items, nulls: 3 }, { role: 'item' }), []);
  assert.deepEqual(problems({ ...items, distinct: { value: 97, exact: false } }, { role: 'item' }), []);
  for (const other of ['user', 'time', 'label'] as const)
    assert.deepEqual(problems(items, { role: 'item', others: [other] }), []);
  assert.deepEqual(problems(items, { role: 'item', partition: true }), [], 'a folder for each day');
});

test('lists', () => {
  const list = { shortest: 4, longest: 4, emptyLists: 0, listsWithNulls: 0, vectors: null, sequence: null };
  const type: LogicalType = { kind: 'list', item: double };
  assert.deepEqual(problems({ type, list }), []);
  assert.deepEqual(problems({ type, list: { ...list, shortest: 3 } }), []);
  assert.deepEqual(
    problems(
      {
        type,
        list: { ...list, shortest: 3, listsWithNulls: 2, vectors: { min: 0, max: 1, mean: 1, zero: 5, notFinite: 4 } },
      },
      { role: 'embedding' },
    ),
    ['different lengths', '4 with NaN', '2 with NULL', '5 zero vectors'],
  );
  assert.deepEqual(problems({ type, list: { ...list, shortest: 0, longest: 0, emptyLists: 100 } }), ['all empty']);
  const sequence = { name: 'clicks', lists: ['clicks__item_id', 'clicks__ts'], uneven: 3 };
  assert.deepEqual(problems({ type, list: { ...list, sequence } }), ['3 of other length']);
});
