import {
  and,
  asc,
  call,
  cast,
  col,
  desc,
  double,
  fn,
  int,
  not,
  over,
  sql,
  sum,
  sumOver,
  valueOf,
  when,
} from '../../relation/expression.ts';
import { cols, columnsFrom, equal, from, join, named, select, unionAll } from '../../relation/relation.ts';
import { addRanges, bucketsBefore, leastAfter, sumBefore } from '../prefixSums.ts';
import type { Script } from '../script.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/** The total weight, the number of items and the bits of a pool, in a query with `sizeJoins`. */
export function sizeOf(name: string, by: readonly string[]): (column: 'total' | 'items' | 'bits') => Expression {
  return (column) => (by.length === 0 ? valueOf(select([column], `${name}__size`)) : col(column, 's'));
}

export function sizeJoins(name: string, by: readonly string[], row: string): Join[] {
  return by.length === 0 ? [] : [join('inner', `${name}__size`, 's', equal('s', row, by))];
}

/** 2^32: the units of one column. */
const UNIT = 4294967296;
/** Columns of one bucket are 2^15 neighbours. */
const BUCKET_BITS = 15;

/**
 * The step `<name>__alias`: `j`, `threshold` and `alias` of each column of the alias table of a pool, equal to
 * `aliasTable` of the kernel. Everything is a running sum or a running minimum, in two levels.
 * @param by columns that separate tables
 */
export function addAliasTable(script: Script, name: string, by: readonly string[]): void {
  if (by.length === 0) script.noteAliasTable(name);
  const of = sizeOf(name, by);
  const size = call('shiftLeft', int(1), of('bits'));
  const units = sql`${cast(size, 'DOUBLE')} * ${double(UNIT)}`;
  const end = (upTo: Expression): Expression =>
    cast(fn('floor', sql`${sql`${cast(upTo, 'DOUBLE')} / ${cast(of('total'), 'DOUBLE')}`} * ${units}`), 'BIGINT');
  const before = sql`${col('upto', 'p')} - ${col('weight', 'p')}`;
  const items = select(
    [
      ...columnsFrom(by, 'p'),
      ['j', col('place', 'p')],
      ['mass', sql`${end(col('upto', 'p'))} - ${when([[sql`${col('place', 'p')} = ${int(0)}`, int(0)]], end(before))}`],
    ],
    from(`${name}__pool`, 'p'),
    { joins: sizeJoins(name, by, 'p') },
  );
  const last = sql`${call('shiftLeft', int(1), col('bits'))} - ${int(1)}`;
  const padding = select(
    [...by, 'j', ['mass', int(0)]],
    select([...by, ['j', call('eachInteger', col('items'), last)]], `${name}__size`, {
      where: [sql`${col('items')} <= ${last}`],
    }),
  );
  const kind = when([[sql`${col('mass')} >= ${int(UNIT)}`, int(1)]], int(0));
  const columns = script.view(
    `${name}__columns`,
    select(
      [
        ...by,
        'j',
        'mass',
        ['heavy', kind],
        ['off', fn('abs', sql`${col('mass')} - ${int(UNIT)}`)],
        ['bucket', call('shiftRight', col('j'), int(BUCKET_BITS))],
      ],
      unionAll(items, padding),
    ),
    'Columns of the alias table with their mass in units of 2^-32. off: the distance from a full column.',
    'docs/sampling.md: Pools. Heavy columns have at least one unit of 2^32, light ones less.',
  );
  const parts = [...by, 'heavy'];
  const inBucket = { partition: cols([...parts, 'bucket']), order: [asc(col('j'))] };
  const offsets = bucketsBefore(columns, parts, [
    ['off', sum(col('off')), sumBefore(parts)],
    [
      'first',
      fn('min', col('j')),
      (one) => over(fn('lead', col(one)), { partition: parts.map((part) => col(part)), order: [asc(col('bucket'))] }),
    ],
  ]);
  const inner = select(
    [
      ...parts,
      'j',
      'mass',
      'bucket',
      ['off', sumOver(col('off'), { ...inBucket, rows: 'upToHere' })],
      ['next', over(fn('lead', col('j')), inBucket)],
    ],
    columns,
  );
  const sums = script.table(
    `${name}__sums`,
    select(
      [
        ...columnsFrom(parts, 'r'),
        ['j', col('j', 'r')],
        ['mass', col('mass', 'r')],
        ['upto', sql`${col('off', 'r')} + ${col('off', 'b')}`],
        ['next', fn('coalesce', col('next', 'r'), col('first', 'b'))],
      ],
      from(inner, 'r'),
      { joins: [join('inner', offsets, 'b', equal('b', 'r', [...parts, 'bucket']))] },
    ),
    'upto: deficits of the light columns, or surpluses of the heavy ones, up to each column. next: the next one of its kind.',
  );
  const found = addSearch(script, name, by, sums);
  const isHeavy = sql`${col('heavy')} = ${int(1)}`;
  const isLast = sql`${col('found')} IS NULL`;
  const missing = sql`${col('found')} - ${col('at')}`;
  script.table(
    `${name}__alias`,
    select(
      [
        ...by,
        'j',
        [
          'threshold',
          when(
            [
              [not(isHeavy), col('mass')],
              [isLast, int(UNIT)],
            ],
            sql`${int(UNIT)} - ${missing}`,
          ),
        ],
        [
          'alias',
          when(
            [
              [not(isHeavy), col('found')],
              [isLast, col('j')],
            ],
            col('next'),
          ),
        ],
      ],
      found,
      { where: [sql`${col('search')} = ${col('heavy')}`] },
    ),
    'A draw takes item j if its second word is below the threshold, else the alias.',
  );
}

/**
 * The step `<name>__search`: for each column, the least `found` of the columns at or after it, by the position `at`,
 * then heavy ones last. Each column is searched for twice: `search` 0 is of light columns, 1 of heavy ones.
 */
function addSearch(script: Script, name: string, by: readonly string[], sums: string): Relation {
  const [isLight, isOfLight] = ['heavy', 'search'].map((column) => sql`${col(column)} = ${int(0)}`) as [
    Expression,
    Expression,
  ];
  const deficitBefore = sql`${col('upto')} - ${sql`${int(UNIT)} - ${col('mass')}`}`;
  const kept = ['j', 'mass', 'next', 'heavy'];
  const twice = select([...by, ...kept, 'upto', ['search', call('eachInteger', int(0), int(1))]], sums);
  const places = select(
    [
      'search',
      ...by,
      ...kept,
      ['at', when([[and(isLight, isOfLight), deficitBefore]], col('upto'))],
      [
        'found',
        when([
          [and(isOfLight, not(isLight)), col('j')],
          [and(not(isOfLight), isLight), col('upto')],
        ]),
      ],
    ],
    twice,
  );
  const parts = ['search', ...by];
  const order = ['at', 'heavy', 'j'];
  const ranges = addRanges(
    script,
    `${name}__search`,
    places,
    { partitionBy: parts, order, extraColumns: [...kept, 'found'] },
    'search 0: A light column takes the first heavy column whose surpluses cover the deficits before it.',
    'search 1: A heavy column takes the least deficit above its surpluses. What is missing comes from the next heavy one.',
  );
  const own = over(fn('min', col('found')), {
    partition: cols([...parts, 'bucket']),
    order: order.map((one) => desc(col(one))),
    rows: 'upToHere',
  });
  const later = bucketsBefore(ranges, parts, [['found', fn('min', col('found')), leastAfter(parts)]]);
  const names = [...parts, ...kept, 'at'];
  const inner = select([...names, 'bucket', ['found', own]], named(ranges));
  return select(
    [...columnsFrom(names, 'r'), ['found', fn('coalesce', col('found', 'r'), col('found', 'b'))]],
    from(inner, 'r'),
    { joins: [join('inner', later, 'b', equal('b', 'r', [...parts, 'bucket']))] },
  );
}
