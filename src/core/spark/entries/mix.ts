import type { LogQMode, StagePlan } from '../../sampling/plan/stagePlan.ts';
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
  nothing,
  or,
  sql,
  sum,
  valueOf,
  when,
} from '../sql/expression.ts';
import { equal, from, join, select, unionAll, unionDistinct, type Columns } from '../sql/relation.ts';
import type { Corpus } from '../inputs/corpus.ts';
import { excludes } from './exclusion.ts';
import type { DrawnEntry } from './drawnEntry.ts';
import { groupKey, sameGroup } from '../groups/groups.ts';
import { addListChances, askedOf, chanceOfTier } from './listChances.ts';
import { eligible, partitionOf, type PoolEntry } from './poolEntry.ts';
import type { Script } from '../script.ts';
import type { Expression, Join } from '../sql/tree.ts';

const ln = (value: Expression): Expression => fn('ln', value);
const ratio = (a: Expression, b: Expression): Expression => sql`${cast(a, 'DOUBLE')} / ${cast(b, 'DOUBLE')}`;
/** Column of the step `filled`: the rows of an entry. */
export const filledOf = (k: number): string => `filled_${k}`;

/** The step `negatives`: the drawn rows of all entries with their `entry`, `draw` and `log_q`. docs/sampling.md: log q. */
export function addNegatives(script: Script, entries: readonly DrawnEntry[]): void {
  script.section('Rows');
  const rows = entries.map((one, k) => {
    const { name } = one.entry;
    const shared: Columns = [
      ...[...groupKey, 'item'].map((column) => [column, col(column, 'd')] as const),
      ['entry', int(k)],
      ['draw', cast(col('draw', 'd'), 'INT')],
    ];
    if (one.kind === 'pool')
      return select(
        [...shared, ['log_q', ln(ratio(col('weight', 'p'), col('weight', 'w')))]],
        from(`${name}__drawn`, 'd'),
        {
          joins: [
            join('inner', `${name}__acceptable`, 'w', sameGroup('w', 'd')),
            join(
              'inner',
              `${name}__pool`,
              'p',
              and(equal('p', 'w', partitionOf(one.entry)), equal('p', 'd', ['item'])),
            ),
          ],
        },
      );
    return select(
      [...shared, ['log_q', ln(chanceOfTier(sql`${col('tier', 'd')} = ${int(0)}`, askedOf(one.entry.plan)))]],
      from(`${name}__drawn`, 'd'),
      {
        joins: [join('inner', `${name}__sizes`, 's', sameGroup('s', 'd'))],
      },
    );
  });
  const none = select(
    [...groupKey, 'item', ['entry', int(0)], ['draw', nothing('INT')], ['log_q', nothing('DOUBLE')]],
    'groups',
    { where: [bool(false)] },
  );
  script.table(
    'negatives',
    rows.length === 0 ? none : unionAll(...rows),
    'All negatives. log_q: of one draw of the entry.',
  );
  script.table(
    'filled',
    select(
      [
        ...groupKey,
        ['rows', countRows],
        ...entries.map(
          (_, k) => [filledOf(k), fn('count', when([[sql`${col('entry')} = ${int(k)}`, int(1)]]))] as const,
        ),
      ],
      'negatives',
      { groupBy: groupKey.map((one) => col(one)) },
    ),
    'Number of negatives of each group and entry: n_s.',
  );
}

/**
 * The step `mixed`: for each group and item of its rows, what the corrections of the rows are made of. `own`: 1 for a
 * positive, whose item is put back. docs/sampling.md: log q, log q correction.
 */
export function addMix(
  script: Script,
  plan: StagePlan,
  entries: readonly DrawnEntry[],
  corpus: Corpus | null,
  hasUnexposed: boolean,
): void {
  const drawn = select([...groupKey, 'item', ['own', int(0)]], 'negatives');
  const positives = select([...groupKey, 'item', ['own', int(1)]], 'group_positives');
  const lives: Join[] =
    corpus === null ? [] : [join('left', 'corpus', 'c', and(sql`${col('item', 'c')} = ${col('item', 'm')}`))];
  const isEligible =
    corpus === null
      ? bool(true)
      : corpus.hasLives
        ? fn('coalesce', and(...eligible(corpus, 'c', 'g')), bool(false))
        : sql`${col('item', 'c')} IS NOT NULL`;
  script.table(
    'mix_items',
    select(
      [
        ...[...groupKey, 'item', 'own'].map((one) => [one, col(one, 'm')] as const),
        ...['t', 'request_key'].map((one) => [one, col(one, 'g')] as const),
        ['eligible', isEligible],
        ...(hasUnexposed ? [['is_exposed', col('is_exposed', 'g')] as const] : []),
      ],
      from(unionDistinct(drawn, positives), 'm'),
      { joins: [join('inner', 'groups', 'g', sameGroup('g', 'm')), ...lives] },
    ),
    'The items of the rows of each group.',
  );
  for (const one of entries) addChances(script, one, plan.logq ?? null, hasUnexposed);
  const rowsOf = (k: number): Expression => cast(col(filledOf(k), 'f'), 'DOUBLE');
  const term = (k: number, column: string): Expression =>
    fn('coalesce', sql`${rowsOf(k)} * ${col(column, `q${k}`)}`, double(0));
  const total = (column: string, kinds: readonly DrawnEntry['kind'][] = ['pool', 'list']): Expression =>
    orZero(entries.flatMap((one, k) => (kinds.includes(one.kind) ? [term(k, column)] : [])));
  const same = (k: number): Expression => equal(`q${k}`, 'm', [...groupKey, 'item', 'own']);
  const columns: Columns =
    plan.logq === undefined
      ? [['expected', total('chance')]]
      : [
          ['expected', total('chance')],
          ['candidate', total('candidate')],
          ['even', total('even')],
          ['of_pools', total('candidate', ['pool'])],
          ['even_of_pools', total('even', ['pool'])],
        ];
  script.table(
    'mixed',
    select(
      [
        ...[...groupKey, 'item', 'own'].map((name) => [name, col(name, 'm')] as const),
        ['rows', cast(col('rows', 'f'), 'DOUBLE')],
        ...columns,
      ],
      from('mix_items', 'm'),
      {
        joins: [
          join('inner', 'filled', 'f', sameGroup('f', 'm')),
          ...entries.map((one, k) => join('left', `${one.entry.name}__chances`, `q${k}`, same(k))),
        ],
      },
    ),
    'expected: the sum of n_s·q_s(item). even: the same if every pool were drawn uniformly.',
  );
}

function orZero(terms: readonly Expression[]): Expression {
  return terms.length === 0 ? double(0) : added(...terms);
}

/**
 * `<name>__chances`: q_s of each item of `mix_items`. `candidate`: the same for the correction, in which the own
 * exposure of a positive may be one more candidate; `even`: the part of a uniform draw.
 */
function addChances(script: Script, one: DrawnEntry, logq: LogQMode | null, hasUnexposed: boolean): void {
  if (one.kind === 'pool') addPoolChances(script, one.entry, logq);
  else addListChances(script, one.entry, logq, hasUnexposed);
}

const own = sql`${col('own', 'm')} = ${int(1)}`;

function addPoolChances(script: Script, entry: PoolEntry, logq: LogQMode | null): void {
  const { name, exclusion } = entry;
  const by = partitionOf(entry);
  const back = (value: Expression, put: Expression): Expression => sql`${value} + ${when([[own, put]], int(0))}`;
  const value = ratio(col('weight', 'p'), back(col('weight', 'w'), col('weight', 'p')));
  const even = ratio(int(1), back(col('items', 'w'), int(1)));
  const isDrawn = [
    col('eligible', 'm'),
    ...(exclusion.step === null ? [] : [or(own, sql`${col('user', 'x')} IS NULL`)]),
  ];
  const joins = [
    join('inner', `${name}__acceptable`, 'w', sameGroup('w', 'm')),
    join('inner', `${name}__pool`, 'p', and(equal('p', 'w', by), sql`${col('item', 'p')} = ${col('item', 'm')}`)),
    ...(exclusion.step === null ? [] : [join('left', exclusion.step, 'x', excludes(exclusion, 'm'))]),
  ];
  script.view(
    `${name}__chances`,
    select(
      [
        ...[...groupKey, 'item', 'own'].map((column) => [column, col(column, 'm')] as const),
        ['chance', value],
        ...(logq === null
          ? []
          : ([
              ['candidate', value],
              ['even', even],
            ] as const)),
      ],
      from('mix_items', 'm'),
      { joins, where: isDrawn },
    ),
    `q of the items for ${entry.label}: weight / weight of what the group accepts.`,
  );
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

/** Values of the corrections of a row, over `mixed` as `m` and `batch_items` as `h`. */
export function correctionsOf({ logq, inBatch }: StagePlan): {
  readonly logQMix: Expression;
  readonly columns: readonly Expression[];
} {
  const isPositive = (value: Expression): Expression => sql`${value} > ${double(0)}`;
  const logQMix = when([[isPositive(col('expected', 'm')), ln(sql`${col('expected', 'm')} / ${col('rows', 'm')}`)]]);
  if (logq === undefined) return { logQMix, columns: [] };
  const of = (column: string): Expression => fn('coalesce', col(column, 'm'), double(0));
  const batch = (column: string): Expression => valueOf(select([column], 'batch_size'));
  const share = ratio(col('positives', 'h'), batch('positives'));
  const batchRows = double((inBatch?.batchSize ?? 1) - 1);
  const withBatch = (value: Expression, part: Expression): Expression =>
    inBatch === null ? value : sql`${value} + ${fn('coalesce', sql`${batchRows} * ${part}`, double(0))}`;
  // A share of 0 is NULL: the item is in no batch.
  const evenPart = when([[sql`${col('positives', 'h')} IS NOT NULL`, ratio(int(1), batch('items'))]]);
  const correction = (lists: boolean): Expression => {
    const m = withBatch(of(lists ? 'candidate' : 'of_pools'), share);
    const a = withBatch(of(lists ? 'even' : 'even_of_pools'), evenPart);
    const all = inBatch === null ? of('rows') : sql`${of('rows')} + ${batchRows}`;
    return when([[isPositive(m), ln(sql`${m} / ${logq === 'corpus' ? all : a}`)]]);
  };
  return {
    logQMix,
    columns: [
      correction(true),
      ...(inBatch === null ? [] : [ln(share), when([[sql`${col('label', 'r')} = ${int(1)}`, correction(false)]])]),
    ],
  };
}
