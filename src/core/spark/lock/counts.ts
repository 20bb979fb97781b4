import { qBins } from '../../sampling/lock/qTally.ts';
import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import {
  added,
  cast,
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
} from '../sql/expression.ts';
import { equal, from, join, select, unionAll, unionDistinct, type Columns } from '../sql/relation.ts';
import type { CountFact } from './countFacts.ts';
import type { DrawnEntry } from '../entries/drawnEntry.ts';
import { groupKey, quotaColumn, sameGroup } from '../groups/groups.ts';
import { userPart } from '../groups/splitUsers.ts';
import { eventCounts } from '../inputs/events.ts';
import type { Log } from '../inputs/log.ts';
import { filledOf } from '../entries/drawnGroups.ts';
import { correctionsOf } from '../entries/mix.ts';
import { exposureColumns } from '../output/ownExposures.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import { isMasked, shownItems } from '../output/teacher.ts';
import { uncountedOf } from './uncounted.ts';
import type { Expression, Relation } from '../sql/tree.ts';

/** What is counted. */
export interface Counted {
  readonly log: Log;
  /** In the order of the plan; null: the unit impression, which draws nothing. */
  readonly entries: readonly DrawnEntry[] | null;
  /** Whether the step `candidates` has users, who count as those of the log. */
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
  job: SparkJob,
  { log, entries, hasCandidates, facts, inputs }: Counted,
): void {
  const { plan } = job;
  const digest = facts.find(([kind, name]) => kind === 'plan' && name === 'sha256')?.[2] ?? '';
  const uncounted = uncountedOf(job);
  script.section('Counts for the lock file');
  script.counts(
    'job',
    {
      kind: 'values',
      columns: ['kind', 'name', 'value'],
      rows: [
        ...facts,
        ...inputs.map(({ name, path }): CountFact => ['read', name, path]),
        ...uncounted.map((name): CountFact => ['uncounted', name, 'true']),
        // Never empty.
        ['counts', 'version', '1'] as const,
      ].map((fact) => fact.map(text)),
    },
    'What is known before the job runs. docs/samples.md: The lock file.',
  );
  if (uncounted.length > 0) return;
  const unexposed = log.matched?.hasPositives === true ? log.matched.unmatched : null;
  const owners = [
    select(['user'], 'log'),
    ...(hasCandidates ? [select(['user'], 'candidates')] : []),
    // Their positives have groups.
    ...(unexposed === null ? [] : [select(['user'], unexposed, { where: [col('is_positive')] })]),
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
      select([['users', sql`count(DISTINCT ${col('user')})`]], owners.length === 1 ? 'log' : unionDistinct(...owners)),
    ),
    hasCandidates
      ? 'Users of the log and the candidates, the training cut, and the time until which outcomes are known.'
      : 'Users of the log, the training cut, and the time until which outcomes are known.',
  );
  const events = log.matched && eventCounts(log.matched, log.ends.knownUntil);
  if (events) script.counts('events', events, 'Events of data.clicks with and without an impression.');
  if (entries !== null)
    script.counts(
      'groups',
      select(
        [['groups', countRows], ...plan.entries.map((_, e) => [askedOf(e), sum(col(quotaColumn(e)))] as const)],
        'groups',
      ),
      'Groups, and the quotas of each entry before refill.',
    );
  addRowCounts(script, job, entries);
  if (entries !== null) {
    if (isMasked(plan)) addTaught(script, log);
    if (exposureColumns(job).length > 0)
      script.counts(
        'exposed',
        select(
          [['rows', plan.unit === 'positive' && unexposed !== null ? withoutUnexposed : countRows]],
          'own_exposures',
        ),
        'Rows that have an exposure of their own.',
      );
  }
  if (entries !== null && entries.length > 0) {
    addPools(script, entries);
    addShortfalls(script, plan, entries);
    if (plan.logq !== undefined) addEffective(script, plan, entries);
  }
  script.files('inputs', digest, inputs, 'Files that were read, so that their digests can be computed later.');
  script.files('files', digest, null, 'Files of the result with their rows. The counts are complete when this is.');
}

/** Rows of `own_exposures` without the positives that have no impression: they have a row with NULL. */
const withoutUnexposed = sql`${countRows} - ${valueOf(select([['rows', countRows]], 'groups', { where: [not(col('is_exposed'))] }))}`;

const askedOf = (k: number): string => `asked_${k}`;

/** Rows by label and entry, with statistics of their logs: one pass over the result. */
function addRowCounts(script: Script, { plan, names }: SparkJob, entries: Counted['entries']): void {
  const logs =
    entries === null
      ? []
      : ([
          ['q', 'log_q'],
          ['mix', 'log_q_mix'],
        ] as const);
  const teacher = plan.teacher ? [['teacher', col(names.teacher)] as const] : [];
  const hasBatch = entries !== null && plan.logq !== undefined && plan.inBatch !== null;
  const batch = hasBatch ? [['batch', col(names.logq_correction_batch)] as const] : [];
  const key = ['label', 'entry', ...logs.map(([name]) => `${name}_bin`)];
  script.table(
    'row_counts',
    select(
      [
        ...key,
        ['rows', countRows],
        ...logs.flatMap(([name]) => [
          [`${name}_rows`, fn('count', col(name))] as const,
          [
            `${name}_sum`,
            sum(cast(fn('floor', sql`${sql`${col(name)} * ${double(1e6)}`} + ${double(0.5)}`), 'BIGINT')),
          ] as const,
          [`${name}_least`, fn('min', col(name))] as const,
          [`${name}_greatest`, fn('max', col(name))] as const,
        ]),
        ...teacher.map(([name]) => ['known', fn('count', col(name))] as const),
        ...batch.flatMap(([name]) => [
          ['batch_rows', fn('count', col(name))] as const,
          ['batch_sum', fn('sum', fn('exp', sql`- ${col(name)}`))] as const,
        ]),
      ],
      select(
        [
          ['label', cast(col(names.label), 'INT')],
          ['entry', col(names.entry)],
          ...logs.flatMap(([name, role]) => [
            [name, col(names[role])] as const,
            [`${name}_bin`, binOf(col(names[role]))] as const,
          ]),
          ...teacher,
          ...batch,
        ],
        'result',
      ),
      { groupBy: key.map((name) => col(name)) },
    ),
    'The rows of the result by label, entry and bins of half a nat.',
  );
  script.counts(
    'rows',
    select(
      [
        'label',
        'entry',
        ['rows', sum(col('rows'))],
        ...logs.flatMap(([name]) => [
          [`${name}_rows`, sum(col(`${name}_rows`))] as const,
          // A text: a sum may have more digits than a number of JSON.
          [`${name}_sum`, cast(sum(col(`${name}_sum`)), 'STRING')] as const,
          [`${name}_least`, fn('min', col(`${name}_least`))] as const,
          [`${name}_greatest`, fn('max', col(`${name}_greatest`))] as const,
        ]),
        ...teacher.map(() => ['known', sum(col('known'))] as const),
      ],
      'row_counts',
      { groupBy: [col('label'), col('entry')] },
    ),
    'Rows by label and entry. sum: of whole millionths.',
  );
  if (logs.length === 0) return;
  script.counts(
    'bins',
    unionAll(
      ...logs.map(([name, role]) =>
        select(
          [['log', text(role)], 'label', 'entry', ['bin', col(`${name}_bin`)], ['rows', sum(col('rows'))]],
          'row_counts',
          {
            where: [sql`${col(`${name}_bin`)} IS NOT NULL`],
            groupBy: ['label', 'entry', `${name}_bin`].map((one) => col(one)),
          },
        ),
      ),
    ),
    'Rows by bins of half a nat, from 0 downwards.',
  );
}

/** Rows on which the teacher is trusted, by entry; NULL: positives. */
function addTaught(script: Script, log: Log): void {
  const sameItem = equal('z', 'r', [...userPart, 'request_key', 'item']);
  script.counts(
    'taught',
    select(
      [
        ['entry', col('entry', 'r')],
        ['rows', countRows],
      ],
      from('row_items', 'r'),
      {
        joins: [join('inner', shownItems(log.ends), 'z', sameItem)],
        groupBy: [col('entry', 'r')],
      },
    ),
    'Rows on which the teacher is trusted: their item is in the impressions of their request.',
  );
}

/** The bin of a log, as in `QTally`; NULL of NULL. */
function binOf(log: Expression): Expression {
  const halves = sql`- ${log} * ${double(2)}`;
  return when([
    [sql`${halves} >= ${double(qBins)}`, int(qBins - 1)],
    [sql`${halves} > ${double(0)}`, cast(fn('floor', halves), 'BIGINT')],
    [sql`${log} IS NOT NULL`, int(0)],
  ]);
}

function addPools(script: Script, entries: readonly DrawnEntry[]): void {
  const pools = entries.flatMap((one, k) => (one.kind === 'pool' ? [{ k, name: one.entry.name }] : []));
  if (pools.length === 0) return;
  script.counts(
    'pools',
    unionAll(
      ...pools.map(({ k, name }) =>
        select(
          [
            ['entry', int(k)],
            ['tables', countRows],
            ['items', sum(col('items'))],
          ],
          `${name}__size`,
        ),
      ),
    ),
    'Items of the pools, over all their tables.',
  );
}

/** Missing rows by entry and cause. Only groups with a shortfall are joined with what their entries accept. */
function addShortfalls(script: Script, { refillFrom }: StagePlan, entries: readonly DrawnEntry[]): void {
  const got = (k: number): Expression => col(filledOf(k), 'g');
  const quota = (k: number): Expression => col(quotaColumn(k), 'g');
  const missing = (k: number): Expression => sql`${quota(k)} - ${got(k)}`;
  const others = entries.flatMap((_, k) => (k === refillFrom ? [] : [missing(k)]));
  const shortages = entries.map((_, k) => (k === refillFrom ? added(missing(k), ...others) : missing(k)));
  script.table(
    'short_groups',
    select(
      [
        ...groupKey.map((one) => [one, col(one, 'g')] as const),
        ...entries.flatMap((_, k) => [
          // The quota of the entry that refills includes what the others miss.
          [quotaColumn(k), k === refillFrom ? added(quota(k), ...others) : quota(k)] as const,
          [missingColumn(k), shortages[k] ?? int(0)] as const,
        ]),
      ],
      from('drawn_groups', 'g'),
      {
        where: [or(...shortages.map((shortage) => sql`${shortage} > ${int(0)}`))],
      },
    ),
    'Groups in which an entry has a shortfall.',
  );
  script.counts(
    'shortfalls',
    unionAll(...entries.map((entry, k) => shortfallOf(entry, k))),
    'Groups with a shortfall and their missing rows by entry. enough: missing although there are enough items.',
  );
}

const missingColumn = (k: number): string => `missing_${k}`;

function shortfallOf({ kind, entry: { name } }: DrawnEntry, k: number): Relation {
  const [table, size] =
    kind === 'pool'
      ? ([`${name}__acceptable`, col('items', 'a')] as const)
      : ([`${name}__sizes`, sql`${col('request_size', 'a')} + ${col('user_size', 'a')}`] as const);
  const found = select([...groupKey.map((one) => [one, col(one, 'a')] as const), ['size', size]], from(table, 'a'), {
    joins: [join('semi', 'short_groups', 's', sameGroup('s', 'a'))],
  });
  const [shortage, quota] = [col(missingColumn(k), 's'), col(quotaColumn(k), 's')];
  return select(
    [
      ['entry', int(k)],
      ['groups', countRows],
      ['missing', sum(shortage)],
      ['enough', sum(when([[sql`${col('size', 'z')} >= ${quota}`, shortage]], int(0)))],
    ],
    from('short_groups', 's'),
    { joins: [join('left', found, 'z', sameGroup('z', 's'))], where: [sql`${shortage} > ${int(0)}`] },
  );
}

/** Shares of the softmax at equal scores, summed over the groups that have negatives. docs/sampling.md: log q correction. */
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
      [
        ...groupKey.map((one) => [one, col(one, 'r')] as const),
        ['entry', col('entry', 'r')],
        ['effect', fn('exp', sql`- ${correction}`)],
      ],
      from('row_chances', 'r'),
      {
        where: [sql`${col('own', 'r')} = ${int(0)}`],
        joins: [
          ...(hasBatch ? [join('left', 'batch_items', 'h', sql`${col('item', 'h')} = ${col('item', 'r')}`)] : []),
        ],
      },
    ),
    { groupBy: groupKey.map((one) => col(one)) },
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
