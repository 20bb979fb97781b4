import type { PoolPlan } from '../../source/drawPlan.ts';
import { exponentOf } from '../../sampling/weight.ts';
import { addAliasTable } from './aliasTable.ts';
import { always } from '../always.ts';
import { attributeText, conditionColumn } from '../inputs/corpus.ts';
import { and, cast, col, countRows, double, fn, int, sql, sum, when } from '../../relation/expression.ts';
import {
  cols,
  type Columns,
  columnsFrom,
  equal,
  from,
  join,
  named,
  select,
  unionAll,
  unionDistinct,
} from '../../relation/relation.ts';
import { unmatchedWithin } from '../inputs/eventColumns.ts';
import { joinedTexts } from '../groups/groups.ts';
import type { Log } from '../inputs/log.ts';
import { addRanges, runningSums } from '../prefixSums.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from '../inputs/sources.ts';
import { partitionOf, type PoolEntry } from './poolEntry.ts';
import { addValueCounts, hasValueTables } from './valueTables.ts';
import type { Expression, Relation } from '../../relation/tree.ts';

/** `<name>__pool`: the items with weight, in pool order, with running weights; `<name>__size`: one row a table. */
export function addPool(script: Script, sources: Sources, job: SparkJob, log: Log, entry: PoolEntry): void {
  const { name, plan } = entry;
  const partitionBy = partitionOf(entry);
  const items = poolItems(script, sources, job, log, entry);
  const isOnly = partitionBy.length === 0 && plan.weight !== null;
  const ranges = addRanges(
    script,
    `${name}__ranges`,
    // Where the driver makes the table, it reads the items by this name.
    isOnly ? named(script.view(`${name}__items`, items, 'Items with their weights.')) : items,
    { partitionBy, order: ['item'], extraColumns: ['created', 'removed', 'weight'] },
    'Items and their integer weights, sorted into ranges.',
  );
  script.table(
    `${name}__pool`,
    runningSums(
      ranges,
      { partitionBy, order: ['item'], extraColumns: ['created', 'removed', 'weight'] },
      [['upto', col('weight')]],
      true,
    ),
    `place: the index of an item in the pool.${plan.weight === null ? '' : ' upto: the weights up to it.'}`,
  );
  const count = col('items');
  const sizes = select([...partitionBy, ['total', sum(col('weight'))], ['items', countRows]], ranges, {
    groupBy: cols(partitionBy),
    having: [sql`${countRows} > ${int(0)}`],
  });
  const size = select(
    [
      ...partitionBy,
      'total',
      'items',
      [
        'bits',
        when(
          [[sql`${count} <= ${int(1)}`, int(0)]],
          cast(fn('length', fn('bin', sql`${count} - ${int(1)}`)), 'BIGINT'),
        ),
      ],
    ],
    sizes,
  );
  const about =
    plan.weight === null
      ? 'Number of items of each table.'
      : 'Total weight, number of items, and bits of the columns of the alias table.';
  // Without values, it is one row.
  if (partitionBy.length === 0) script.fewRows(`${name}__size`, size, about);
  else script.table(`${name}__size`, size, about);
  if (plan.weight !== null) addAliasTable(script, name, partitionBy);
}

/** The items of a pool, without the way it is drawn from. */
export type PoolContent = Omit<PoolEntry, 'exclusion' | 'hasIntegerItems' | 'isByUser'>;

/** The items of an entry with weight: `item`, `created`, `removed`, `weight`, and `value` if it has several tables. */
export function poolItems(script: Script, sources: Sources, job: SparkJob, log: Log, entry: PoolContent): Relation {
  const kept = [...partitionOf(entry), 'item', 'created', 'removed'];
  const weighted = hasValueTables(entry)
    ? valueItems(script, sources, job, log, entry, kept)
    : weighedItems(job, log, entry, kept);
  return select([...kept, 'weight'], weighted, { where: [sql`${col('weight')} > ${int(0)}`] });
}

/** The items of each table of an entry whose tables depend on the user or the day, with their weights. */
function valueItems(
  script: Script,
  sources: Sources,
  job: SparkJob,
  log: Log,
  entry: PoolContent,
  kept: readonly string[],
): Relation {
  const { name, plan, condition } = entry;
  const { counts, everybodyValues: ofAll } = addValueCounts(script, sources, job, log, entry, () =>
    countedRows(job, log, plan),
  );
  const listed = [col('listed'), ...(condition === null ? [] : [col(conditionColumn(condition))])];
  const members = select(['item', 'created', 'removed'], 'corpus', { where: listed });
  const rows = select(
    [...columnsFrom(['value', 'item', 'counted'], 'n'), ...columnsFrom(['created', 'removed'], 'm')],
    from(counts, 'n'),
    { joins: [join('inner', members, 'm', sql`${col('item', 'm')} = ${col('item', 'n')}`)] },
  );
  const { exponent = 1, smoothing = 0 } = plan.weight ?? {};
  if (smoothing === 0) return weighed(rows, kept, { smoothing, exponent });
  const valued = script.table(
    `${name}__valued`,
    select([{ all: null }], rows, { where: [sql`${col('counted')} > ${int(0)}`] }),
    'The items of each table that have events.',
  );
  const tables = unionDistinct(select(['value'], valued), ofAll);
  const every = select(
    [
      ['value', col('value', 't')],
      ...columnsFrom(['item', 'created', 'removed'], 'm'),
      ['counted', fn('coalesce', col('counted', 'v'), int(0))],
    ],
    from(tables, 't'),
    {
      joins: [
        // smoothing gives every item of the pool a weight in every table.
        join('one', members, 'm', null),
        join('left', valued, 'v', and(equal('v', 't', ['value']), equal('v', 'm', ['item']))),
      ],
    },
  );
  return weighed(every, kept, { smoothing, exponent });
}

/** Items with their weight, including items with weight 0. */
function weighedItems(job: SparkJob, log: Log, entry: PoolContent, kept: readonly string[]): Relation {
  const { plan, condition, corpus } = entry;
  const by = partitionOf(entry);
  const matched = plan.partition?.by === 'positive' ? plan.partition.attributes : [];
  const listed = [
    col('listed'),
    ...(condition === null ? [] : [col(conditionColumn(condition))]),
    ...matched.map((one) => sql`${col(attributeText(one))} IS NOT NULL`),
  ];
  const value: Columns =
    by.length === 0 ? [] : [['value', joinedTexts(matched.map((column) => col(attributeText(column))))]];
  const members = select([...value, 'item', 'created', 'removed'], 'corpus', { where: listed });
  const { weight } = plan;
  if (plan.items === 'exposed') {
    const shown = select(['item', ['counted', countRows]], 'log', {
      where: log.ends.inTrain(col('t')),
      groupBy: [col('item')],
    });
    const lives: Columns =
      corpus === null
        ? [
            ['created', int(always.first)],
            ['removed', int(always.last)],
          ]
        : [
            ['created', col('created', 'm')],
            ['removed', col('removed', 'm')],
          ];
    const exposed = select(
      [['item', col('item', 'n')], ...lives, ['counted', col('counted', 'n')]],
      from(shown, 'n'),
      corpus === null ? {} : { joins: [join('inner', members, 'm', sql`${col('item', 'm')} = ${col('item', 'n')}`)] },
    );
    return weighed(exposed, kept, weight === null ? null : { smoothing: 0, exponent: weight.exponent });
  }
  if (weight === null) return weighed(members, kept, null);
  const counts = select(['item', ['counted', countRows]], countedRows(job, log, plan), { groupBy: [col('item')] });
  const counted = select(
    [...columnsFrom(kept, 'm'), ['counted', fn('coalesce', col('counted', 'n'), int(0))]],
    from(members, 'm'),
    { joins: [join('left', counts, 'n', sql`${col('item', 'n')} = ${col('item', 'm')}`)] },
  );
  return weighed(counted, kept, weight);
}

/** The rows that are counted for a weight: `user`, `item`. */
function countedRows({ inputs }: SparkJob, { event, ends, unmatchedEvents }: Log, { weight }: PoolPlan): Relation {
  const count = weight?.count;
  if (count === undefined || count === 'exposures') throw new Error('the weight counts no event');
  const t = col('t');
  const known = count.asOf === null ? undefined : inputs.windows.asOf[count.asOf];
  const asOf = known === undefined ? ends.cut : int(known);
  const before = count.window === null ? null : sql`${asOf} - ${int(count.window)}`;
  const shown = select(['user', 'item'], 'log', {
    where: [event(count.of, asOf), sql`${t} <= ${asOf}`, ...(before === null ? [] : [sql`${t} > ${before}`])],
  });
  if (!unmatchedEvents?.hasPositives || unmatchedEvents.unmatched === null) return shown;
  const first = before === null ? null : sql`${before} + ${int(1)}`;
  const unexposed = select(['user', 'item'], unmatchedEvents.unmatched, {
    where: [col('is_positive'), unmatchedEvents.holdsAny([count.of]), ...unmatchedWithin(first, asOf)],
  });
  return unionAll(shown, unexposed);
}

/** max(1, floor(1024·x^α + 0.5)), 0 for x = 0; x^α is a product of repeated square roots, as in `itemWeight`. */
function weighed(
  rows: Relation,
  kept: readonly string[],
  weight: { readonly smoothing: number; readonly exponent: number } | null,
): Relation {
  if (weight === null) return select([...kept, ['weight', int(1)]], rows);
  const exponent = exponentOf(weight.exponent);
  const roots: (readonly [string, Expression])[] = [
    ['root_0', sql`${cast(col('counted'), 'DOUBLE')} + ${double(weight.smoothing)}`],
  ];
  let power: Expression | null = exponent >= 65536 ? col('root_0') : null;
  for (let bit = 15; bit >= 0 && (exponent & ((1 << (bit + 1)) - 1)) !== 0; bit--) {
    const root = `root_${16 - bit}`;
    roots.push([root, fn('sqrt', col(`root_${15 - bit}`))]);
    if ((exponent & (1 << bit)) !== 0) power = power === null ? col(root) : sql`${power} * ${col(root)}`;
  }
  const scaled = cast(fn('floor', sql`${sql`${double(1024)} * ${power ?? double(1)}`} + ${double(0.5)}`), 'BIGINT');
  const value = when([[sql`${col('root_0')} > ${double(0)}`, fn('greatest', int(1), scaled)]], int(0));
  return select([...kept, ...roots, ['weight', value]], rows, { computed: [...kept, 'weight'] });
}
