import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, cast, col, countRows, fn, int, over, sql, text, valueOf } from '../../src/core/relation/expression.ts';
import { from, join, select, unionAll, unionDistinct, type Columns } from '../../src/core/relation/relation.ts';
import { withNeededColumns } from '../../src/core/spark/neededColumns.ts';
import { Script } from '../../src/core/spark/script.ts';
import type { Relation, SelectColumn } from '../../src/core/relation/tree.ts';

/** Names of the columns of the step `made`, if `readers` are the results of the job. */
function columnsLeft(made: Relation, ...readers: readonly Relation[]): string[] {
  const script = new Script();
  script.section('Steps');
  script.table('made', made);
  for (const reader of readers) script.output(reader, null);
  script.changeSteps(withNeededColumns);
  const step = script.sections[0]?.steps[0];
  assert(step?.kind === 'table' && step.rows.kind === 'select');
  return namesOf(step.rows.columns);
}

const namesOf = (list: readonly SelectColumn[]): string[] =>
  list.map((one) => ('name' in one ? one.name : `${one.all ?? ''}*`));

const plain: Columns = ['a', 'b', 'c', 'd'];
const made = select(plain, 'source');

test('a table is written without the columns that no step reads', () => {
  assert.deepEqual(columnsLeft(made, select(['a', ['x', sql`${col('c')} + ${int(1)}`]], 'made')), ['a', 'c']);
});

test('conditions, joins, groups, orders and values of queries read columns', () => {
  const reads: readonly (readonly [Relation, string[]])[] = [
    [select(['a'], 'made', { where: [sql`${col('b')} > ${int(0)}`] }), ['a', 'b']],
    [
      select([['a', col('a', 'l')]], from('other', 'l'), {
        joins: [join('left', 'made', 'r', sql`${col('d', 'r')} = ${col('a', 'l')}`)],
      }),
      ['d'],
    ],
    [select([['n', countRows]], 'made', { groupBy: [col('c')] }), ['c']],
    [select(['a'], 'made', { together: [col('b')] }), ['a', 'b']],
    [select(['a'], 'made', { sorted: { within: 'all', order: [{ value: col('d') }] } }), ['a', 'd']],
    [select(['a'], 'made', { tasks: { count: 2, by: 'b' } }), ['a', 'b']],
    [select([['x', valueOf(select([['most', fn('max', col('b'))]], 'made'))]], null), ['b']],
    [select([['n', over(fn('row_number'), { partition: [col('c')], order: [] })]], 'made'), ['c']],
  ];
  for (const [reader, left] of reads) assert.deepEqual(columnsLeft(made, reader), left);
});

test('a column that another FROM item has stays only there', () => {
  const reader = select(
    [
      ['a', col('a', 'm')],
      ['b', col('b', 'o')],
    ],
    from('made', 'm'),
    {
      joins: [join('inner', 'other', 'o', sql`${col('c', 'o')} = ${col('d', 'm')}`)],
    },
  );
  assert.deepEqual(columnsLeft(made, reader), ['a', 'd']);
});

test('all columns stay where their number or order counts', () => {
  const readers = [
    select([{ all: null }], 'made'),
    select(['a'], select([{ all: null }], 'made', { distinct: true })),
    select(['a'], unionDistinct(made, select(plain, 'made'))),
    select(['a'], unionAll(select(plain, 'source'), select([{ all: null }], 'made'))),
  ];
  for (const reader of readers) assert.deepEqual(columnsLeft(made, reader), ['a', 'b', 'c', 'd']);
});

test('columns that pass several steps by a star are followed to their readers', () => {
  const script = new Script();
  script.section('Steps');
  script.table('first', made);
  script.view('second', select([{ all: 'f' }, ['e', col('d', 'f')]], from('first', 'f')));
  script.view(
    'third',
    unionAll(
      select(['a', 'e'], 'second'),
      select(
        [
          ['a', col('b')],
          ['e', int(0)],
        ],
        'second',
      ),
    ),
  );
  script.output(select(['a'], 'third'), null);
  script.changeSteps(withNeededColumns);
  const left = script.sections[0]?.steps.map((step) => {
    assert('rows' in step);
    return step.rows.kind === 'union'
      ? step.rows.all.map((one) => one.kind === 'select' && namesOf(one.columns))
      : step.rows.kind === 'select' && namesOf(step.rows.columns);
  });
  assert.deepEqual(left, [['a', 'b'], ['f*'], [['a'], ['a']], ['a']]);
});

test('a column that makes rows, may end the job or is the only one stays', () => {
  const reader = select([['n', countRows]], 'made');
  const each = call('eachInteger', int(0), col('b'));
  assert.deepEqual(columnsLeft(select(['a', ['k', each]], 'source'), reader), ['k']);
  const wrong = call('raise', text('wrong'));
  assert.deepEqual(columnsLeft(select(['a', ['k', cast(wrong, 'BIGINT')]], 'source'), reader), ['k']);
  assert.deepEqual(columnsLeft(made, reader), ['a']);
  // Without the sum, the query would have a row for each row of the source.
  const total = select(
    [
      ['one', int(1)],
      ['sum', fn('sum', col('a'))],
    ],
    'source',
  );
  assert.deepEqual(columnsLeft(total, select(['one'], 'made')), ['one', 'sum']);
});

test('steps of a value that a column names stay, and are computed once', () => {
  const steps = select(['a', ['b_1', sql`${col('a')} + ${int(1)}`], ['b', sql`${col('b_1')} * ${int(2)}`]], 'source', {
    computed: ['a', 'b'],
  });
  const script = new Script();
  script.section('Steps');
  script.table('made', steps);
  script.output(select(['b'], 'made'), null);
  script.changeSteps(withNeededColumns);
  const step = script.sections[0]?.steps[0];
  assert(step?.kind === 'table' && step.rows.kind === 'select');
  assert.deepEqual(namesOf(step.rows.columns), ['b_1', 'b']);
  assert.deepEqual(step.rows.computed, ['b']);
});
