import {
  asc,
  call,
  cast,
  col,
  desc,
  double,
  fn,
  int,
  over,
  sql,
  sum,
  sumOver,
  valueOf,
  when,
} from '../sql/expression.ts';
import { equal, from, join, named, select, unionAll } from '../sql/relation.ts';
import { addRanges, bucketsBefore, leastAfter, sumBefore } from '../prefixSums.ts';
import type { Script } from '../script.ts';
import type { Expression, Join, Relation } from '../sql/tree.ts';

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
  const of = sizeOf(name, by);
  const size = call('shiftLeft', int(1), of('bits'));
  const units = sql`${cast(size, 'DOUBLE')} * ${double(UNIT)}`;
  const end = (upTo: Expression): Expression =>
    cast(fn('floor', sql`${sql`${cast(upTo, 'DOUBLE')} / ${cast(of('total'), 'DOUBLE')}`} * ${units}`), 'BIGINT');
  const before = sql`${col('upto', 'p')} - ${col('weight', 'p')}`;
  const items = select(
    [
      ...by.map((one) => [one, col(one, 'p')] as const),
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
  const isHeavy = when([[sql`${col('mass')} >= ${int(UNIT)}`, int(1)]], int(0));
  const columns = script.table(
    `${name}__columns`,
    select(
      [
        ...by,
        'j',
        'mass',
        ['heavy', isHeavy],
        ['off', fn('abs', sql`${col('mass')} - ${int(UNIT)}`)],
        ['bucket', call('shiftRight', col('j'), int(BUCKET_BITS))],
      ],
      unionAll(items, padding),
    ),
    'Columns of the alias table with their mass in units of 2^-32. off: the distance from a full column.',
    'docs/sampling.md: Pools. Heavy columns have at least one unit of 2^32, light ones less.',
  );
  const parts = [...by, 'heavy'];
  const inBucket = { partition: [...parts, 'bucket'].map((one) => col(one)), order: [asc(col('j'))] };
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
        ...parts.map((one) => [one, col(one, 'r')] as const),
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
  const deficitBefore = sql`${col('upto')} - ${sql`${int(UNIT)} - ${col('mass')}`}`;
  const isHeavyRow = sql`${col('heavy')} = ${int(1)}`;
  const light = addSearch(script, {
    name: `${name}__light`,
    by,
    rows: select(
      [
        ...by,
        'heavy',
        'j',
        'mass',
        ['at', when([[isHeavyRow, col('upto')]], deficitBefore)],
        ['found', when([[isHeavyRow, col('j')]])],
      ],
      sums,
    ),
    about: 'A light column takes the first heavy column whose surpluses cover the deficits before it.',
  });
  const heavy = addSearch(script, {
    name: `${name}__heavy`,
    by,
    rows: select(
      [
        ...by,
        'heavy',
        'j',
        'next',
        ['at', col('upto')],
        ['found', when([[sql`${col('heavy')} = ${int(0)}`, col('upto')]])],
      ],
      sums,
    ),
    about:
      'A heavy column takes the least deficit above its surpluses. What is missing comes from the next heavy column.',
  });
  const lightRows: Relation = select([...by, 'j', ['threshold', col('mass')], ['alias', col('found')]], light, {
    where: [sql`${col('heavy')} = ${int(0)}`],
  });
  const isLast = sql`${col('found')} IS NULL`;
  const heavyRows: Relation = select(
    [
      ...by,
      'j',
      ['threshold', when([[isLast, int(UNIT)]], sql`${int(UNIT)} - ${sql`${col('found')} - ${col('at')}`}`)],
      ['alias', when([[isLast, col('j')]], col('next'))],
    ],
    heavy,
    { where: [isHeavyRow] },
  );
  script.table(
    `${name}__alias`,
    unionAll(lightRows, heavyRows),
    'A draw takes item j if its second word is below the threshold, else the alias.',
  );
}

interface Search {
  readonly name: string;
  readonly by: readonly string[];
  /** Rows with `heavy`, `j`, the position `at`, and the value `found` of rows that can be found. */
  readonly rows: Relation;
  readonly about: string;
}

/** For each row, the least `found` of the rows at or after it: by `at`, then heavy ones last. */
function addSearch(script: Script, { name, by, rows, about }: Search): Relation {
  const names = rows.kind === 'select' ? rows.columns.flatMap((one) => ('name' in one ? [one.name] : [])) : [];
  const ranges = addRanges(script, name, rows, { by, order: ['at', 'heavy', 'j'], kept: names }, about);
  const own = over(fn('min', col('found')), {
    partition: [...by, 'bucket'].map((one) => col(one)),
    order: [desc(col('at')), desc(col('heavy')), desc(col('j'))],
    rows: 'upToHere',
  });
  const later = bucketsBefore(ranges, by, [['found', fn('min', col('found')), leastAfter(by)]]);
  const inner = select([...names.filter((one) => one !== 'found'), 'bucket', ['found', own]], named(ranges));
  return select(
    [
      ...names.filter((one) => one !== 'found').map((one) => [one, col(one, 'r')] as const),
      ['found', fn('coalesce', col('found', 'r'), col('found', 'b'))],
    ],
    from(inner, 'r'),
    { joins: [join('inner', later, 'b', equal('b', 'r', [...by, 'bucket']))] },
  );
}
