import { isByDay } from '../../sampling/placement.ts';
import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import {
  added,
  and,
  call,
  col,
  countRows,
  double,
  fn,
  int,
  not,
  or,
  sql,
  sum,
  text,
  valueOf,
  when,
} from '../../relation/expression.ts';
import {
  cols,
  type Columns,
  columnsFrom,
  from,
  join,
  select,
  unionAll,
  unionDistinct,
} from '../../relation/relation.ts';
import type { CountFact } from './countFacts.ts';
import { sizeOf } from '../entries/aliasTable.ts';
import type { DrawnEntry } from '../entries/drawnEntry.ts';
import { partitionOf } from '../entries/poolEntry.ts';
import { groupKey } from '../groups/groups.ts';
import { quotaColumn } from '../groups/quotas.ts';
import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import type { Log } from '../inputs/log.ts';
import type { Sources } from '../inputs/sources.ts';
import { correctionsOf } from '../entries/mix.ts';
import { exposureColumns, ownExposureJoins } from '../output/ownExposures.ts';
import { dayText, writtenDay, writtenRows } from '../output/placed.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import { isMasked } from '../output/teacher.ts';
import { addHistoryCounts } from './historyCounts.ts';
import { samplesOf } from './longRows.ts';
import { addRowCounts, addTaught } from './rowCounts.ts';
import { addShortfalls } from './shortfallCounts.ts';
import { equalRows, type MatchedEvents } from '../inputs/events.ts';
import type { Expression, Relation } from '../../relation/tree.ts';

/** What is counted. */
export interface Counted {
  readonly log: Log;
  /** In the order of the plan; null: the unit impression, which draws nothing. */
  readonly entries: readonly DrawnEntry[] | null;
  /** True if the step `candidates` has users; they count like the users of the log. */
  readonly hasCandidates: boolean;
  readonly facts: readonly CountFact[];
  /** Files that are read, by the name of their data set. */
  readonly inputs: readonly { readonly name: string; readonly path: string }[];
}

/**
 * The last section: what the lock file needs and only the data know, next to the result. Each table is small: no step
 * returns a row for each draw. `recsample lock` reads them.
 */
export function addCounts(
  script: Script,
  sources: Sources,
  job: SparkJob,
  { log, entries, hasCandidates, facts, inputs }: Counted,
): void {
  const { plan } = job;
  const digest = facts.find(([kind, name]) => kind === 'plan' && name === 'sha256')?.[2] ?? '';
  script.section('Counts for the lock file');
  script.counts(
    'job',
    {
      kind: 'values',
      columns: ['kind', 'name', 'value'],
      rows: [
        ...facts,
        ...inputs.map(({ name, path }): CountFact => ['read', name, path]),
        // Never empty.
        ['counts', 'version', '2'] as const,
      ].map((fact) => fact.map(text)),
    },
    'What is known before the job runs. docs/samples.md: The lock file.',
  );
  const chosen = ofChosenUsers(job, sources, col('user'));
  const unexposed = log.unmatchedEvents?.hasPositives === true ? log.unmatchedEvents.unmatched : null;
  const owners = [
    select(['user'], 'log', { where: chosen }),
    ...(hasCandidates ? [select(['user'], 'candidates', { where: chosen })] : []),
    // Their positives have groups.
    ...(unexposed === null ? [] : [select(['user'], unexposed, { where: [col('is_positive'), ...chosen] })]),
  ];
  script.counts(
    'totals',
    select(
      [
        ['plan', text(digest)],
        ['engine', fn('version')],
        ['users', col('users')],
        ['cut', log.ends.cut],
        ['known_until', log.ends.knownUntil],
      ],
      select(
        [['users', sql`count(DISTINCT ${col('user')})`]],
        owners.length === 1 && chosen.length === 0 ? 'log' : unionDistinct(...owners),
      ),
    ),
    hasCandidates
      ? 'Users of the log and the candidates, the training cut, and the time until which outcomes are known.'
      : 'Users of the log, the training cut, and the time until which outcomes are known.',
  );
  const events = log.unmatchedEvents && eventCounts(log.unmatchedEvents, log.ends.knownUntil);
  if (events) script.counts('events', events, 'Events of data.clicks with and without an impression.');
  addUnknownCounts(script, plan, log);
  if (entries !== null)
    script.counts(
      'groups',
      select(
        [['groups', countRows], ...plan.entries.map((_, e) => [askedOf(e), sum(col(quotaColumn(e)))] as const)],
        'groups',
      ),
      'Groups, and the quotas of each entry before refill.',
    );
  if (entries !== null) addHistoryCounts(script, sources, job, log, entries);
  addRowCounts(script, job, entries);
  addDays(script, job);
  if (entries !== null) {
    if (isMasked(plan)) addTaught(script, log);
    if (exposureColumns(job).length > 0)
      script.counts(
        'exposed',
        exposedRows(job, plan.unit === 'positive' && unexposed !== null ? withoutUnexposed : countRows),
        'Rows that have an exposure of their own.',
      );
  }
  if (entries !== null && entries.length > 0) {
    addPools(script, entries);
    addShortfalls(script, plan, entries);
    if (plan.logq !== undefined) addEffective(script, plan, entries);
  }
  script.writeCounts(
    { plan: digest, inputs, samples: samplesOf(job), isPartitioned: isByDay(job.placement) },
    'All counts at once. Each row is a line of JSON with the name of its table.',
  );
}

/** Impressions of the split without a known label, by event and day. */
function addUnknownCounts(script: Script, { positives: { unknown } }: StagePlan, { event, ends }: Log): void {
  if (!unknown) return;
  script.counts(
    'unknown',
    unionAll(
      ...unknown.map(({ event: of, name }) =>
        select(
          [['event', text(of)], 'day', ['impressions', countRows]],
          select([['day', call('dayNumber', col('t'))]], 'log', {
            where: [sql`${col('positive')} IS NULL`, event(name, ends.knownUntil), ...ends.inSplit(col('t'))],
          }),
          { groupBy: [col('day')] },
        ),
      ),
    ),
    'Impressions that are neither positives nor negatives, because an event is unknown.',
  );
}

/** Number of rows with an exposure. `own_exposures` also contains the rows that `distinct` drops. */
function exposedRows(job: SparkJob, rows: Expression): Relation {
  return job.plan.distinct
    ? select([['rows', rows]], from('row_items', 'r'), { joins: ownExposureJoins(job, 'inner') })
    : select([['rows', rows]], 'own_exposures');
}

/** Rows of `own_exposures` without the positives that have no impression: they have a row with NULL. */
const withoutUnexposed = sql`${countRows} - ${valueOf(select([['rows', countRows]], 'groups', { where: [not(col('is_exposed'))] }))}`;

const askedOf = (k: number): string => `asked_${k}`;

/** Rows and samples of each day of the run, by the name of its folder. */
function addDays(script: Script, job: SparkJob): void {
  const by = job.placement.folder?.partitionBy ?? null;
  if (by === null) return;
  script.counts(
    'days',
    select(
      [
        ['value', dayText(by.format, col(writtenDay))],
        ['rows', countRows],
        ['samples', sum(samplesOf(job))],
      ],
      writtenRows(job),
      { groupBy: [col(writtenDay)] },
    ),
    'The days whose folders the job wrote, with their rows.',
  );
}

function addPools(script: Script, entries: readonly DrawnEntry[]): void {
  const pools = entries.flatMap((one, k) => (one.kind === 'pool' ? [{ k, entry: one.entry }] : []));
  if (pools.length === 0) return;
  script.counts(
    'pools',
    unionAll(
      ...pools.map(({ k, entry }) => {
        const by = partitionOf(entry);
        // Spark reads a number of the driver as a literal, without a job.
        const items = by.length === 0 ? sizeOf(entry.name, by)('items') : sum(col('items'));
        const tables = by.length === 0 ? when([[sql`${items} IS NULL`, int(0)]], int(1)) : countRows;
        return select(
          [
            ['entry', int(k)],
            ['tables', tables],
            ['items', items],
          ],
          by.length === 0 ? null : `${entry.name}__size`,
        );
      }),
    ),
    'Items of the pools, over all their tables.',
  );
}

/** Shares of the softmax at equal scores, over groups with negatives. docs/sampling.md: log q correction. */
function addEffective(script: Script, plan: StagePlan, entries: readonly DrawnEntry[]): void {
  const [correction] = correctionsOf(plan).columns;
  if (correction === undefined) return;
  const hasBatch = plan.inBatch !== null;
  const part = (k: number): string => `part_${k}`;
  const parts = select(
    [
      ...groupKey,
      ...entries.map(
        (_, k) => [part(k), fn('sum', when([[sql`${col('entry')} = ${int(k)}`, col('effect')]], double(0)))] as const,
      ),
    ],
    select(
      [...columnsFrom(groupKey, 'r'), ['entry', col('entry', 'r')], ['effect', fn('exp', sql`- ${correction}`)]],
      from('row_chances', 'r'),
      {
        where: [sql`${col('own', 'r')} = ${int(0)}`],
        joins: [
          ...(hasBatch ? [join('left', 'batch_items', 'h', sql`${col('item', 'h')} = ${col('item', 'r')}`)] : []),
        ],
      },
    ),
    { groupBy: cols(groupKey) },
  );
  const batchRows = double((plan.inBatch?.batchSize ?? 1) - 1);
  // The mean over the positives that can be negatives of others, as many times as a batch has others.
  const inBatch = valueOf(
    select(
      [['batch', sql`${batchRows} * ${sql`${fn('sum', col('batch_sum'))} / ${fn('sum', col('batch_rows'))}`}`]],
      'row_counts',
      {
        where: [sql`${col('batch_rows')} > ${int(0)}`],
      },
    ),
  );
  const all = added(...entries.map((_, k) => col(part(k))), ...(hasBatch ? [fn('coalesce', inBatch, double(0))] : []));
  const columns: Columns = [
    ['groups', countRows],
    ...entries.map((_, k) => [`share_${k}`, fn('sum', sql`${col(part(k))} / ${all}`)] as const),
  ];
  script.counts(
    'effective',
    select(columns, parts),
    'Effective shares of the entries, summed over the groups with negatives.',
  );
}

/** By table of events, how many of them have an impression, and how many have none, up to a time. */
function eventCounts({ eventSteps }: Pick<MatchedEvents, 'counted'>, until: Expression): Relation | null {
  if (eventSteps.length === 0) return null;
  return unionAll(
    ...eventSteps.map(({ name, step, sure }) => {
      const isShown = and(sql`${col('shown')} IS NOT NULL`, sql`${col('shown')} <= ${until}`);
      return select(
        [
          ['name', text(name)],
          ['matched', sum(when([[isShown, col(equalRows)]], int(0)))],
          ['unmatched', sum(when([[isShown, int(0)]], col(equalRows)))],
        ],
        step,
        { where: [or(...sure.map((flag) => col(flag))), or(sql`${col('t')} IS NULL`, sql`${col('t')} <= ${until}`)] },
      );
    }),
  );
}
