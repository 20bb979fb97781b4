import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import type { Corpus } from '../inputs/corpus.ts';
import { weightOf } from '../inputs/log.ts';
import { contextCopies, groupKey, sameGroup } from '../groups/groups.ts';
import { needsReadTimes, readTime } from '../groups/readTimes.ts';
import { quotaColumn } from '../groups/quotas.ts';
import {
  added,
  and,
  bool,
  call,
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
  when,
} from '../../relation/expression.ts';
import { cols, type Columns, columnsFrom, from, join, select } from '../../relation/relation.ts';
import { userPart } from '../groups/splitUsers.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';
import type { DrawnEntry } from './drawnEntry.ts';
import { tiersOf } from './listEntry.ts';
import { eligible, partitionOf } from './poolEntry.ts';

/** Columns of the step `drawn_groups` for an entry. */
type EntryColumn =
  /** The items that the entry drew, in the order of its draws, and their number. */
  | 'items'
  | 'filled'
  /** For a pool: its table, and the weight and number of the items that the group accepts. */
  | 'table'
  | 'weight'
  | 'accepted'
  /** For a list: see `<name>__sizes`. */
  | 'quota'
  | 'request_size'
  | 'user_size'
  | 'user_asked';

/** The name of a column of the step `drawn_groups` for an entry. */
export function entryColumn(k: number, column: EntryColumn): string {
  return `entry_${k}_${column}`;
}

/** Column of the step `drawn_groups`: the number of rows of an entry, n_s. */
export const filledOf = (k: number): string => entryColumn(k, 'filled');

/** The columns of `drawn_groups` that come from an entry, with their names in the step of the entry. */
function columnsOf(one: DrawnEntry): readonly (readonly [column: EntryColumn, name: string])[] {
  if (one.kind === 'list')
    return [
      ['quota', 'quota'],
      ['request_size', 'request_size'],
      ['user_size', 'user_size'],
      ...(tiersOf(one.entry.plan).user ? [['user_asked', 'user_asked'] as const] : []),
    ];
  return [
    ...(partitionOf(one.entry).length === 0 ? [] : [['table', 'value'] as const]),
    ['weight', 'weight'],
    ['accepted', 'items'],
  ];
}

/** The rows of an entry as one list for each group: `drawn`. */
function listsOf({ kind, entry: { name } }: DrawnEntry): Relation {
  if (kind === 'pool') return select([...groupKey, ['drawn', col('items')]], `${name}__lists`);
  const members = select(
    [
      ...groupKey,
      [
        'members',
        {
          kind: 'structs',
          fields: [
            ['draw', col('draw')],
            ['item', col('item')],
          ],
          where: null,
        },
      ],
    ],
    `${name}__drawn`,
    { groupBy: cols(groupKey) },
  );
  return select([...groupKey, ['drawn', call('eachField', col('members'), col('item'))]], members);
}

/** The positives of a group. */
interface GroupPositives {
  readonly columns: Columns;
  readonly joins: readonly Join[];
  readonly count: Expression;
  /** Values of the positive with index `n`. */
  readonly item: Expression;
  readonly weight: Expression;
  readonly eligible: Expression;
  /** Names of the columns that the values read. */
  readonly columnNames: readonly string[];
}

/**
 * Steps of the rows of all groups: `drawn_groups` with the lists of their negatives, and `row_items` with a row for
 * each positive and negative. Rows stay with their group, so none of them moves between tasks.
 * @param corpus for lists, to find out whether positives are eligible; null: every item is eligible
 * @param together true if later steps join the rows by user
 */
export function addRowItems(
  script: Script,
  job: SparkJob,
  entries: readonly DrawnEntry[],
  corpus: Corpus | null,
  { hasUnexposed, together }: { readonly hasUnexposed: boolean; readonly together: boolean },
): void {
  script.section('Rows');
  const { plan } = job;
  const isPositive = plan.unit === 'positive';
  const own = isPositive ? onePositive(plan, corpus) : severalPositives(corpus);
  const kept = [
    ...groupKey,
    't',
    'request',
    'request_key',
    ...(needsReadTimes(job) ? [readTime] : []),
    ...(isPositive ? ['positive', 'keep'] : []),
    ...(hasUnexposed ? ['is_exposed'] : []),
    ...contextCopies(job),
  ];
  addDrawnGroups(script, entries, kept, own);
  const all = entries.map((_, k) => col(filledOf(k)));
  const rows = all.length === 0 ? int(0) : added(...all);
  const names = [
    ...new Set([
      ...kept,
      'group_item',
      ...own.columnNames,
      ...entries.flatMap((one, k) => [
        entryColumn(k, 'items'),
        filledOf(k),
        ...columnsOf(one).map(([column]) => entryColumn(k, column)),
      ]),
    ]),
  ];
  const n = col('n');
  const each = select(
    [...names, ['rows', rows], ['n', call('eachInteger', int(0), sql`${added(own.count, rows)} - ${int(1)}`)]],
    {
      relation: select([{ all: null }], 'drawn_groups', {
        where: [sql`${added(own.count, rows)} > ${int(0)}`],
        ...(together ? { together: cols(userPart) } : {}),
      }),
      as: null,
    },
  );
  const isOwn = sql`${n} < ${own.count}`;
  /** Index of the first row of an entry in its group. */
  const start = (k: number): Expression => added(own.count, ...all.slice(0, k));
  const byEntry = (value: (k: number) => Expression, ofOwn: Expression): Expression =>
    when([[isOwn, ofOwn], ...entries.map((_, k) => [sql`${n} < ${start(k + 1)}`, value(k)] as const)]);
  const place = (k: number): Expression => sql`${n} - ${start(k)}`;
  const withoutLists = names.filter(
    (name) => !own.columnNames.includes(name) && !entries.some((_, k) => name === entryColumn(k, 'items')),
  );
  const drawnItem = (k: number): Expression => call('elementAt', col(entryColumn(k, 'items')), place(k));
  /** True if an earlier entry draws the item, too. */
  const isRepeated = (k: number): Expression =>
    or(bool(false), ...entries.slice(0, k).map((_, e) => call('isInList', col(entryColumn(e, 'items')), drawnItem(k))));
  script.view(
    'row_items',
    select(
      [
        ...withoutLists.filter((name) => name !== 'keep'),
        'rows',
        ['own', when([[isOwn, int(1)]], int(0))],
        ['entry', byEntry((k) => int(k), nothing('BIGINT'))],
        ['draw', cast(byEntry(place, nothing('BIGINT')), 'INT')],
        ['item', byEntry(drawnItem, own.item)],
        ['weight', when([[isOwn, own.weight]], double(1))],
        ['keep', isPositive ? when([[isOwn, col('keep')]]) : nothing('DOUBLE')],
        ['eligible', when([[isOwn, own.eligible]], bool(true))],
      ],
      each,
      plan.distinct ? { where: [not(byEntry(isRepeated, bool(false)))] } : {},
    ),
    'The rows: positives, then the negatives of each entry. own: 1 for a positive. Negatives are eligible.',
    ...(plan.distinct ? ['distinct: an item of an earlier entry is dropped. rows counts it.'] : []),
  );
}

/** The step `drawn_groups`. `kept`: columns of the groups. */
function addDrawnGroups(
  script: Script,
  entries: readonly DrawnEntry[],
  kept: readonly string[],
  own: GroupPositives,
): void {
  script.table(
    'drawn_groups',
    select(
      [
        ...columnsFrom(kept, 'g'),
        ['group_item', col('item', 'g')],
        ...own.columns,
        ...entries.flatMap((one, k) => [
          [quotaColumn(k), col(quotaColumn(k), 'g')] as const,
          [entryColumn(k, 'items'), col('drawn', `d${k}`)] as const,
          [filledOf(k), fn('coalesce', call('listSize', col('drawn', `d${k}`)), int(0))] as const,
          ...columnsOf(one).map(([column, name]) => [entryColumn(k, column), col(name, `w${k}`)] as const),
        ]),
      ],
      from(select([{ all: null }], 'groups', { together: cols(userPart) }), 'g'),
      {
        joins: [
          ...own.joins,
          ...entries.flatMap((one, k) => [
            join('left', listsOf(one), `d${k}`, sameGroup(`d${k}`, 'g')),
            join(
              'left',
              `${one.entry.name}__${one.kind === 'pool' ? 'acceptable' : 'sizes'}`,
              `w${k}`,
              sameGroup(`w${k}`, 'g'),
            ),
          ]),
        ],
      },
    ),
    'The groups with the negatives of each entry, in the order of their draws.',
  );
}

/** True if the item of a row `g` is eligible, with the corpus as `c`. */
function isEligible(corpus: Corpus | null): Expression {
  if (corpus === null) return bool(true);
  return corpus.hasLives
    ? fn('coalesce', and(...eligible(corpus, 'c', 'g')), bool(false))
    : sql`${col('item', 'c')} IS NOT NULL`;
}

function onePositive(plan: StagePlan, corpus: Corpus | null): GroupPositives {
  return {
    columns: [['own_eligible', isEligible(corpus)]],
    joins: corpus === null ? [] : [join('left', 'corpus', 'c', sql`${col('item', 'c')} = ${col('item', 'g')}`)],
    count: int(1),
    item: col('group_item'),
    weight: weightOf(plan, col('positive'), double),
    eligible: col('own_eligible'),
    columnNames: ['own_eligible'],
  };
}

function severalPositives(corpus: Corpus | null): GroupPositives {
  const fields = ['item', 'weight', 'eligible'];
  const rows = select(
    [...columnsFrom([...groupKey, 'item', 'weight'], 'g'), ['eligible', isEligible(corpus)]],
    from('group_positives', 'g'),
    { joins: corpus === null ? [] : [join('left', 'corpus', 'c', sql`${col('item', 'c')} = ${col('item', 'g')}`)] },
  );
  const lists = select(
    [
      ...groupKey,
      ['members', { kind: 'structs', fields: fields.map((column) => [column, col(column)] as const), where: null }],
      ['positives', countRows],
    ],
    rows,
    { groupBy: cols(groupKey) },
  );
  const list = (field: string): Expression => call('elementAt', col(`own_${field}`), col('n'));
  return {
    columns: [
      ...fields.map((one) => [`own_${one}`, call('eachField', col('members', 'o'), col(one))] as const),
      ['own_rows', fn('coalesce', col('positives', 'o'), int(0))],
    ],
    joins: [join('left', lists, 'o', sameGroup('o', 'g'))],
    count: col('own_rows'),
    item: list('item'),
    weight: list('weight'),
    eligible: list('eligible'),
    columnNames: [...fields.map((one) => `own_${one}`), 'own_rows'],
  };
}
