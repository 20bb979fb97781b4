import { effectiveBatchRows } from '../../sampling/plan/inBatchWeight.ts';
import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import {
  added,
  and,
  bool,
  cast,
  col,
  countRows,
  double,
  fn,
  int,
  not,
  nothing,
  or,
  sql,
  sum,
  valueOf,
  when,
} from '../../relation/expression.ts';
import { from, join, select, type Columns } from '../../relation/relation.ts';
import type { Corpus } from '../inputs/corpus.ts';
import { excludes, type Exclusion } from './exclusion.ts';
import type { DrawnEntry } from './drawnEntry.ts';
import { entryColumn, filledOf } from './drawnGroups.ts';
import { chanceOfDraw, listChances, type EntryChances } from './listChances.ts';
import { eligible, partitionOf, type PoolEntry } from './poolEntry.ts';
import type { Script } from '../script.ts';
import type { Expression } from '../../relation/tree.ts';

const ln = (value: Expression): Expression => fn('ln', value);
const ratio = (a: Expression, b: Expression): Expression => sql`${cast(a, 'DOUBLE')} / ${cast(b, 'DOUBLE')}`;
/** The distinct exclusions that later steps must look up for each row; empty if all entries have the same one. */
export function lookedUp(entries: readonly DrawnEntry[]): readonly Exclusion[] {
  const all = [...new Set(entries.map(({ entry }) => entry.exclusion))];
  // An entry never draws an item that its exclusion contains.
  return all.length < 2 ? [] : all.filter(({ step }) => step !== null);
}

/**
 * The step `row_chances`: the rows of `row_items` with `log_q` and the terms of their corrections. `expected`: the sum
 * of n_s·q_s(item) over the entries. `candidate`: this sum for the correction, where the exposure of a positive may be
 * an additional candidate. `even`: this sum if every pool were drawn uniformly. The item of a positive counts as
 * acceptable. docs/sampling.md: log q, log q correction.
 */
export function addRowChances(
  script: Script,
  plan: StagePlan,
  entries: readonly DrawnEntry[],
  corpus: Corpus | null,
  hasUnexposed: boolean,
): void {
  const logq = plan.logq ?? null;
  const exclusions = lookedUp(entries);
  const isExcluded = (exclusion: Exclusion): Expression => {
    const k = exclusions.indexOf(exclusion);
    return k < 0 ? bool(false) : sql`${col('user', `x${k}`)} IS NOT NULL`;
  };
  const chances = entries.map((one) =>
    one.kind === 'pool'
      ? poolChances(one.entry, corpus, isExcluded(one.entry.exclusion))
      : listChances(one.entry, logq, hasUnexposed, isExcluded(one.entry.exclusion)),
  );
  const rowsOf = (k: number): Expression => cast(col(filledOf(k), 'm'), 'DOUBLE');
  const total = (
    column: 'chance' | 'candidate' | 'even',
    kinds: readonly DrawnEntry['kind'][] = ['pool', 'list'],
  ): Expression =>
    orZero(
      chances.flatMap((one, k) =>
        kinds.includes(entries[k]?.kind ?? 'pool')
          ? [fn('coalesce', sql`${rowsOf(k)} * ${one[column]}`, double(0))]
          : [],
      ),
    );
  const columns: Columns = [
    ['expected', total('chance')],
    ...(logq === null
      ? []
      : ([
          ['candidate', total('candidate')],
          ['even', total('even')],
          ['of_pools', total('candidate', ['pool'])],
          ['even_of_pools', total('even', ['pool'])],
        ] as const)),
  ];
  const ofDraw = (one: DrawnEntry, k: number): Expression =>
    one.kind === 'pool'
      ? ln(ratio(col('weight', `p${k}`), col(entryColumn(k, 'weight'), 'm')))
      : ln(chanceOfDraw(one.entry));
  // The counts read the rows again.
  const add = logq === null ? script.view.bind(script) : script.table.bind(script);
  add(
    'row_chances',
    select(
      [
        { all: 'm' },
        [
          'log_q',
          when(
            entries.map((one, k) => [sql`${col('entry', 'm')} = ${int(k)}`, ofDraw(one, k)] as const),
            nothing('DOUBLE'),
          ),
        ],
        ...columns,
      ],
      from('row_items', 'm'),
      {
        joins: [
          ...chances.flatMap(({ joins }) => joins),
          ...exclusions.map((exclusion, k) =>
            join('left', exclusion.step ?? '', `x${k}`, excludes(exclusion, 'm', `x${k}`)),
          ),
        ],
      },
    ),
    'expected: the sum of n_s·q_s(item). even: the same if every pool were drawn uniformly.',
    'docs/sampling.md: log q, log q correction.',
  );
}

function orZero(terms: readonly Expression[]): Expression {
  return terms.length === 0 ? double(0) : added(...terms);
}

const ownEntry = sql`${col('own', 'm')} = ${int(1)}`;

/** Weight of an item divided by the weight of all items that the group accepts. */
function poolChances(entry: PoolEntry, corpus: Corpus | null, isExcluded: Expression): EntryChances {
  const { name, index } = entry;
  const p = `p${index}`;
  const back = (value: Expression, put: Expression): Expression => sql`${value} + ${when([[ownEntry, put]], int(0))}`;
  const weight = col('weight', p);
  const accepted = (column: 'weight' | 'accepted'): Expression => col(entryColumn(index, column), 'm');
  const isDrawn = and(
    or(not(ownEntry), and(...eligible(corpus, p, 'm'))),
    sql`${weight} IS NOT NULL`,
    or(ownEntry, not(isExcluded)),
  );
  const chance = when([[isDrawn, ratio(weight, back(accepted('weight'), weight))]]);
  const inTable = partitionOf(entry).map((column) => sql`${col(column, p)} = ${col(entryColumn(index, 'table'), 'm')}`);
  return {
    joins: [join('left', `${name}__pool`, p, and(...inTable, sql`${col('item', p)} = ${col('item', 'm')}`))],
    chance,
    candidate: chance,
    even: when([[isDrawn, ratio(int(1), back(accepted('accepted'), int(1)))]]),
  };
}

/** The in-batch negatives as one more pool: the step `batch_items` with the number of train positives of each item. */
export function addBatchItems(script: Script, positives: string): void {
  script.table(
    'batch_items',
    select(['item', ['positives', countRows]], positives, { groupBy: [col('item')] }),
    'In-batch negatives: positives by item.',
  );
  script.table(
    'batch_size',
    select(
      [
        ['positives', sum(col('positives'))],
        ['items', countRows],
      ],
      'batch_items',
    ),
    'All positives, and their distinct items.',
  );
}

/** Values of the corrections of a row `r` of `row_chances`, with `batch_items` as `h`. */
export function correctionsOf(plan: StagePlan): {
  readonly logQMix: Expression;
  readonly columns: readonly Expression[];
} {
  const { logq, inBatch } = plan;
  const isPositive = (value: Expression): Expression => sql`${value} > ${double(0)}`;
  const logQMix = when([[isPositive(col('expected', 'r')), ln(ratio(col('expected', 'r'), col('rows', 'r')))]]);
  if (logq === undefined) return { logQMix, columns: [] };
  const of = (column: string): Expression => cast(col(column, 'r'), 'DOUBLE');
  const batch = (column: string): Expression => valueOf(select([column], 'batch_size'));
  const share = ratio(col('positives', 'h'), batch('positives'));
  const rows = effectiveBatchRows(plan);
  const batchRows = double(rows);
  const isOwn = sql`${col('own', 'r')} = ${int(1)}`;
  const isWeighed = inBatch?.weight !== undefined;
  // If in-batch negatives are configured with a weight, they are no pool of drawn rows.
  const inPools = (part: Expression): Expression => (isWeighed ? when([[isOwn, part]]) : part);
  const withBatch = (value: Expression, part: Expression): Expression =>
    inBatch === null ? value : sql`${value} + ${fn('coalesce', inPools(sql`${batchRows} * ${part}`), double(0))}`;
  // A share of 0 is NULL: the item is in no batch.
  const evenPart = when([[sql`${col('positives', 'h')} IS NOT NULL`, ratio(int(1), batch('items'))]]);
  const correction = (lists: boolean): Expression => {
    const m = withBatch(of(lists ? 'candidate' : 'of_pools'), share);
    const a = withBatch(of(lists ? 'even' : 'even_of_pools'), evenPart);
    const all = inBatch === null ? of('rows') : sql`${of('rows')} + ${batchRows}`;
    return when([[isPositive(m), ln(sql`${m} / ${logq === 'corpus' ? all : a}`)]]);
  };
  if (inBatch === null) return { logQMix, columns: [correction(true)] };
  const constant = ln(sql`${batch('items')} * ${double((inBatch.batchSize - 1) / rows)}`);
  const ofBatch = isWeighed ? sql`${ln(share)} + ${constant}` : correction(false);
  return { logQMix, columns: [correction(true), ln(share), when([[isOwn, ofBatch]])] };
}
