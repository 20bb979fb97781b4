import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionExpression, typedFilter } from '../../src/core/table/condition.ts';
import { printExpression } from '../../src/core/table/expression/ast.ts';
import { FailureError } from '../../src/core/message/failure.ts';
import type { Condition } from '../../src/core/table/filter.ts';
import type { LogicalType } from '../../src/core/table/type.ts';

const columns: { name: string; type: LogicalType }[] = [
  { name: 'user_id', type: { kind: 'integer', bits: 64, signed: true } },
  { name: 'city', type: { kind: 'string' } },
  { name: 'tags', type: { kind: 'list', item: { kind: 'string' } } },
  { name: 'a "b"', type: { kind: 'date' } },
];

function printed(column: string, op: Condition['op'], ...values: string[]): string {
  const type = columns.find((c) => c.name === column)?.type ?? { kind: 'string' };
  return printExpression(conditionExpression({ column, op, values }, type));
}

function failure(condition: Condition): string {
  try {
    typedFilter({ conditions: [condition], expression: '' }, columns);
  } catch (error) {
    assert.ok(error instanceof FailureError);
    return `${error.failure.code} ${error.failure.place?.column}: ${error.message}`;
  }
  return 'accepted';
}

test('a condition becomes the expression that a user would write', () => {
  assert.equal(printed('user_id', '=', '7203685477590228993'), "user_id = '7203685477590228993'");
  assert.equal(printed('city', 'in', "O'Hare", '杭州'), "city in ('O''Hare', '杭州')");
  assert.equal(printed('user_id', 'between', '1', '2'), "user_id between '1' and '2'");
  assert.equal(printed('city', 'contains', '%'), "contains(city, '%')");
  assert.equal(printed('user_id', 'starts with', '72'), "starts_with(text(user_id), '72')");
  assert.equal(printed('tags', 'contains', 'x'), "contains(tags, 'x')");
  assert.equal(printed('a "b"', 'is not null'), '"a ""b""" is not null');
});

test('a wrong condition names its column', () => {
  assert.equal(failure({ column: 'nope', op: '=', values: ['1'] }), 'bad-filter nope: Unknown column nope');
  assert.equal(
    failure({ column: 'user_id', op: '=', values: ['x'] }),
    'bad-filter user_id: “x” is not a value of type int64',
  );
  assert.equal(
    failure({ column: 'user_id', op: 'between', values: ['1'] }),
    'bad-filter user_id: The condition on user_id has a wrong number of values',
  );
  assert.equal(
    failure({ column: 'user_id', op: 'in', values: [] }),
    'bad-filter user_id: The condition on user_id has a wrong number of values',
  );
  assert.equal(
    failure({ column: 'user_id', op: 'drop' as Condition['op'], values: ['1'] }),
    'bad-filter user_id: The condition on user_id has a wrong number of values',
  );
});

test('conditions and the expression must all hold', () => {
  const typed = typedFilter(
    { conditions: [{ column: 'city', op: '=', values: ['a'] }], expression: 'user_id > 1 or user_id < 0' },
    columns,
  );
  assert.equal(typed?.kind, 'and');
  assert.equal(typedFilter({ conditions: [], expression: '  ' }, columns), null);
});
