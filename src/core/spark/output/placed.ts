import { compareTexts } from '../../sampling/compareTexts.ts';
import { isByDay, type Placement } from '../../sampling/placement.ts';
import { holdsKind } from '../../table/holdsKind.ts';
import { fmix, mixed, saltWords, withWords } from '../hash.ts';
import { orderOfGroups, type Grouping } from './grouping.ts';
import { namesOf, type FileColumn, type LaidOut } from './layout.ts';
import { addRanges, runningSums } from '../prefixSums.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import { asc, bool, call, cast, col, countRows, fn, int, sql, text, valueOf, when } from '../../relation/expression.ts';
import {
  cols,
  type Columns,
  columnsFrom,
  equal,
  type NamedColumns,
  from,
  join,
  select,
} from '../../relation/relation.ts';
import type { Expression, Order, Relation } from '../../relation/tree.ts';

/** Column of `rows_by_day` with the day of a row. The blank in it keeps it different from columns of the sample. */
export const writtenDay = 'recsample day';

/** The step with the rows that the job writes. With day folders, `result` also has rows that earlier runs wrote. */
export function writtenRows(job: Pick<SparkJob, 'placement'>): 'result' | 'rows_by_day' {
  return isByDay(job.placement) ? 'rows_by_day' : 'result';
}

const shuffles = ({ order }: Placement): boolean => order !== 'user';

/** Columns that decide the order of the rows `r` and their folders. */
interface Places {
  readonly columns: NamedColumns;
  /** Names of the columns that order the rows of a group. All other columns are equal within a group. */
  readonly rows: readonly string[];
  /** Names of the columns that order groups. */
  readonly ofGroup: readonly string[];
}

/** Columns that decide the order of the rows and their folders; see docs/samples.md, Order. */
export function placesOf({ placement, layout }: SparkJob, grouping: Grouping, time: Expression): Places {
  const isRowOrder = placement.order === 'shuffled_rows';
  const order = [
    ['user', col('user', 'r')] as const,
    ...orderOfGroups(isRowOrder ? { ...grouping, tieOrder: [] } : grouping, time),
  ];
  const rows = layout === 'long' ? grouping.rowOrder.map((value, k) => [`place_${k}`, value] as const) : [];
  const words = grouping.bundle
    ? [['bundle', grouping.bundle.text] as const]
    : [['k0', grouping.keyWords[0]] as const, ['k1', grouping.keyWords[1]] as const];
  const ofGroup = [
    ...(shuffles(placement) ? words : []),
    ...(placement.folder?.partitionBy ? [['day', call('dayNumber', time)] as const] : []),
    ...order,
  ];
  return {
    columns: [...ofGroup, ...rows, ...(isRowOrder ? [['item', col('item', 'r')] as const] : [])],
    ofGroup: namesOf(order),
    rows: namesOf(rows),
  };
}

/** The step of the result: its rows in their order, files and folders. */
export function addPlaced(
  script: Script,
  job: SparkJob,
  grouping: Grouping,
  { columns, rows }: LaidOut,
  places: Places,
  about: readonly string[],
): void {
  const { placement } = job;
  const isRowOrder = placement.order === 'shuffled_rows';
  const cells = columns.map(({ value }) => value);
  const hidden = namesOf(places.columns);
  const days = hidden.includes('day') ? ['day'] : [];
  const group = [...(shuffles(placement) ? ['a', 'b'] : []), ...places.ofGroup];
  // Only exposures can be equal in all order columns. Then the other columns decide, in the order of their names.
  const tieBreakers = isRowOrder && grouping.key === null ? orderable(columns) : [];
  const order = [...group, ...places.rows, ...tieBreakers];
  script.table(
    'sample_rows',
    shuffles(placement) ? withOrder(job, [...cells, ...hidden], rows, grouping.bundle !== undefined) : rows,
    'The rows of the result, and what places them. docs/samples.md: Order.',
  );
  const shards = placement.folder?.shards ?? 1;
  const source =
    shards > 1
      ? addShards(script, {
          shards,
          days,
          // Ranks count groups. Null if each row is a group: for exposures, and in layouts other than long.
          groups: !isRowOrder && grouping.key !== null && job.layout === 'long' ? group : null,
          order,
          cells,
          hasBuckets: shuffles(placement),
        })
      : 'sample_rows';
  const dayColumn = placement.folder?.partitionBy ?? null;
  if (dayColumn !== null)
    script.view(
      writtenRows(job),
      select(
        [...columns.map(({ name, value }) => [name, col(value)] as const), [writtenDay, col('day')]],
        'sample_rows',
      ),
      'The rows that this run writes, with their day.',
    );
  const sort = (names: readonly string[]): Order[] => names.map((name) => asc(col(name, 'p')));
  const isExpectedTask = call('ownTask', col('shard', 'p'));
  const failure = cast(call('raise', text('Spark did not send the rows of a shard to its own task')), 'BOOLEAN');
  script.output(
    select(
      [
        ...columns.map(({ name, value }) => [name, col(value, 'p')] as const),
        ...(dayColumn === null ? [] : [[dayColumn.column, dayText(dayColumn.format, col('day', 'p'))] as const]),
      ],
      from(shards > 1 ? select([{ all: null }], source, { tasks: { count: shards, by: 'number' } }) : source, 'p'),
      {
        ...(shards > 1
          ? { where: [when([[sql`${isExpectedTask} = ${col('shard', 'p')}`, bool(true)]], failure)] }
          : {}),
        sorted: {
          within: shards > 1 ? 'task' : 'all',
          // The folder comes first: Spark writes one folder after the other, and would sort the rows again otherwise.
          order: [
            ...(dayColumn === null ? [] : [asc(col(dayColumn.column))]),
            ...sort([...(shards > 1 ? ['shard'] : []), ...order]),
          ],
        },
      },
    ),
    dayColumn === null ? null : { column: dayColumn.column, columns },
    ...about,
  );
}

/** Columns that Spark can sort by, in the order of their names. Maps cannot be sorted. */
function orderable(columns: readonly FileColumn[]): string[] {
  return [...columns]
    .filter(({ type }) => !holdsKind(type, 'map'))
    .sort((x, y) => compareTexts(x.name, y.name))
    .map(({ value }) => value);
}

/**
 * `rows` with `a` and `b`, the hash words of the shuffled order, and `bucket`, the top 16 bits of `a`.
 * @param hasBundles true if `rows` have texts of bundles instead of words
 */
function withOrder(
  { plan, placement }: SparkJob,
  names: readonly string[],
  rows: Relation,
  hasBundles: boolean,
): Relation {
  const isRowOrder = placement.order === 'shuffled_rows';
  const [s0, s1] = saltWords(plan, '@order');
  const hashed = isRowOrder
    ? withWords(names, cast(col('item'), 'STRING'), ['i0', 'i1'], rows)
    : hasBundles
      ? withWords(names, col('bundle'), ['k0', 'k1'], rows)
      : rows;
  const mix = select(
    [
      ...names,
      ...fmix('a', mixed(col('k0'), s0, ...(isRowOrder ? [col('i0')] : []))),
      ...fmix('b', mixed(col('k1'), s1, ...(isRowOrder ? [col('i1')] : []))),
    ],
    hashed,
    { computed: [...names, 'a', 'b'] },
  );
  return select([...names, 'a', 'b', ['bucket', call('shiftRight', col('a'), int(16))]], mix);
}

interface Sharding {
  readonly shards: number;
  /** `['day']` if ranks count within a day; else empty. */
  readonly days: readonly string[];
  /** Columns that identify and order the groups that ranks count; null: ranks count rows. */
  readonly groups: readonly string[] | null;
  readonly order: readonly string[];
  readonly cells: readonly string[];
  /** True if the rows have `bucket`, which ascends with their order. Buckets have about equally many rows. */
  readonly hasBuckets: boolean;
}

/**
 * The view `placed_rows`: the rows with their `shard`, and a `number` that sends them to the task of that shard.
 * Ranks are counted in buckets, plus the sums of the buckets before, so no window sees all rows.
 */
function addShards(script: Script, { shards, days, groups, order, cells, hasBuckets }: Sharding): string {
  const rankOrder = groups ?? order;
  const buckets = hasBuckets ? ['bucket'] : [];
  const cellColumns = groups === null ? cells : [];
  const ranges = { by: days, order: rankOrder, kept: cellColumns };
  // Columns of the file may order the rows too.
  const names = [...new Set([...days, ...rankOrder, ...cellColumns])];
  let units = 'sample_rows';
  if (groups !== null)
    units = script.table(
      'sample_groups',
      select([...days, ...groups, ...buckets], 'sample_rows', { distinct: true }),
      'The groups that have rows, and what orders them.',
    );
  if (!hasBuckets)
    units = addRanges(script, 'sample_ranges', select(names, units), ranges, 'In ranges of their order.');
  const total: Columns = [['total', countRows]];
  const count = days.length === 0 ? valueOf(select(total, units)) : col('total', 'n');
  // Rank k of G is in shard j if ⌊jG/N⌋ ≤ k < ⌊(j+1)G/N⌋. The quotient of integers below 2^53 has the right integer part.
  const upTo = sql`${sql`${sql`${col('place', 'u')} + ${int(1)}`} * ${int(shards)}`} - ${int(1)}`;
  const quotient = sql`${cast(upTo, 'DOUBLE')} / ${cast(count, 'DOUBLE')}`;
  const shard = cast(fn('floor', quotient), 'BIGINT');
  script.view(
    'sample_shards',
    select(
      [...columnsFrom(names, 'u'), ['shard', shard]],
      from(runningSums(units, ranges, [], true), 'u'),
      days.length === 0
        ? {}
        : {
            joins: [
              join('inner', select([...days, ...total], units, { groupBy: cols(days) }), 'n', equal('n', 'u', days)),
            ],
          },
    ),
    'The shard of each rank. docs/samples.md: Shards and days.',
  );
  // shards · (ln shards + 30) numbers: the probability that hashing leaves a task without one is about e^-30.
  const numberCount = Math.ceil(shards * (Math.log(shards) + 30));
  const numbers = select([['number', call('eachInteger', int(0), int(numberCount))]], null);
  const task = call('taskOf', col('number'), int(shards));
  const firstNumber = ['number', fn('min', col('number'))] as const;
  script.view(
    'shard_numbers',
    select([['shard', task], firstNumber], numbers, { groupBy: [task] }),
    'A number for each task, which Spark sends to it.',
  );
  const isTask = sql`${cast(col('shard', 'n'), 'BIGINT')} = ${col('shard', 's')}`;
  return script.view(
    'placed_rows',
    groups === null
      ? select(
          [...columnsFrom(names, 's'), ['shard', col('shard', 's')], ['number', col('number', 'n')]],
          from('sample_shards', 's'),
          { joins: [join('left', 'shard_numbers', 'n', isTask)] },
        )
      : select(
          [
            ...columnsFrom([...cells, ...days, ...order], 'r'),
            ['shard', col('shard', 's')],
            ['number', col('number', 'n')],
          ],
          from('sample_rows', 'r'),
          {
            joins: [
              join('inner', 'sample_shards', 's', equal('s', 'r', [...days, ...groups])),
              join('left', 'shard_numbers', 'n', isTask),
            ],
          },
        ),
    'The rows with their shards.',
  );
}

/** Days since 1970 that a folder can name: the years 0001 to 9999. */
const [FIRST_DAY, LAST_DAY] = [-719_162, 2_932_896];

/** The text of a day in a folder name. Never NULL, so that Spark keeps the order of the rows. */
export function dayText(format: string, day: Expression): Expression {
  const isNameable = sql`${day} BETWEEN ${int(FIRST_DAY)} AND ${int(LAST_DAY)}`;
  const failure = cast(call('raise', text('a day outside the years 0001 to 9999 cannot name a folder')), 'STRING');
  return fn('coalesce', when([[isNameable, call('dayText', day, text(format))]], failure), text(''));
}
