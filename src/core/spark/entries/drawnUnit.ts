import type { OutputRole } from '../../data/outputName.ts';
import type { PlanEntry, StagePlan } from '../../sampling/plan/stagePlan.ts';
import type { Corpus } from '../inputs/corpus.ts';
import { added, call, cast, col, fn, int, nothing, sql, sum, text, when } from '../../relation/expression.ts';
import { cols, columnsFrom, from, join, named, select, unionAll } from '../../relation/relation.ts';
import type { DrawnEntry } from './drawnEntry.ts';
import { addExclusions } from './exclusion.ts';
import { drawnGrouping, groupIdOf } from '../output/grouping.ts';
import { allPositives, groupKey, sameGroup } from '../groups/groups.ts';
import { quotaColumn } from '../groups/quotas.ts';
import { needsReadTimes, readTime } from '../groups/readTimes.ts';
import { addList } from './list.ts';
import { addAsOf } from '../output/asOf.ts';
import { copiedLogColumn, type Log } from '../inputs/log.ts';
import { addRowItems } from './drawnGroups.ts';
import { addBatchItems, addRowChances, correctionsOf, lookedUp } from './mix.ts';
import { outcomeOutput } from '../inputs/outcomes.ts';
import { itemOf, requestOf, timeOf, userOf } from '../output/ids.ts';
import { addOutput } from '../output/output.ts';
import { addOwnExposures, exposureColumns, exposureValue, ownExposureJoins } from '../output/ownExposures.ts';
import { addPool } from './pool.ts';
import { addAcceptable } from './poolAcceptable.ts';
import { addPoolDraws } from './poolDraws.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import { addSequences } from '../sequences/lists.ts';
import { addShortfallCheck } from './shortfalls.ts';
import type { Sources } from '../inputs/sources.ts';
import { addTrainPositives } from '../groups/trainPositives.ts';
import { addTeacher } from '../output/teacher.ts';
import type { Expression } from '../../relation/tree.ts';

/** Steps of units whose negatives are drawn, after their groups. @returns the entries in the order of the plan */
export function addDrawnUnit(
  script: Script,
  sources: Sources,
  job: SparkJob,
  log: Log,
  corpus: Corpus | null,
  conditions: readonly (number | null)[],
): readonly DrawnEntry[] {
  const { plan } = job;
  const exclusions = addExclusions(script, sources, plan, log);
  const names = stepNames(plan.entries);
  const hasOwn = plan.unit === 'positive';
  const hasIntegerItems = sources.required('impressions').isInteger('item');
  const add = (k: number, groups: string): DrawnEntry => {
    const entry = plan.entries[k];
    const exclusion = exclusions[k];
    const name = names[k];
    if (!entry || !exclusion || name === undefined) throw new Error(`there is no entry ${k}`);
    script.section(`Entry ${entry.name}: ${entry.source}`);
    const shared = { name, index: k, label: entry.name, exclusion, corpus, groups };
    if (entry.draws.kind === 'list') {
      const list = { ...shared, plan: entry.draws };
      addList(script, sources, job, log, list);
      return { kind: 'list', entry: list };
    }
    const pool = { ...shared, plan: entry.draws, condition: conditions[k] ?? null, hasOwn, hasIntegerItems };
    addPool(script, sources, job, log, pool);
    addPoolDraws(script, job, pool);
    addAcceptable(script, pool);
    return { kind: 'pool', entry: pool };
  };
  const { refillFrom } = plan;
  // The entry that refills comes last: it draws what the others lack.
  const drawn = new Map<number, DrawnEntry>();
  plan.entries.forEach((_, k) => {
    if (k !== refillFrom) drawn.set(k, add(k, 'groups'));
  });
  if (refillFrom !== null)
    drawn.set(refillFrom, add(refillFrom, addRefill(script, job, refillFrom, [...drawn.values()])));
  const entries = plan.entries.flatMap((_, k) => drawn.get(k) ?? []);
  const isUnexposed = hasUnexposed(plan, log);
  const hasLists = entries.some(({ kind }) => kind === 'list');
  // Some rows are joined by their user and item.
  const together =
    hasLists || lookedUp(entries).length > 0 || exposureColumns(job).length > 0 || plan.teacher !== undefined;
  addRowItems(script, job, entries, hasLists ? corpus : null, { hasUnexposed: isUnexposed, together });
  addShortfallCheck(script, plan);
  addOwnExposures(script, job, log, entries);
  addRowChances(script, plan, entries, corpus, isUnexposed);
  addRows(script, sources, job, log);
  return entries;
}

/** True if positives may have no exposure, which the corrections then do not add to the candidates. */
function hasUnexposed({ unit, logq }: StagePlan, { unmatchedEvents }: Log): boolean {
  return unit === 'positive' && logq === 'shares' && unmatchedEvents?.hasPositives === true;
}

/** The groups with the quota of the entry that refills. docs/sampling.md: Refill. */
function addRefill(script: Script, job: SparkJob, refillFrom: number, drawnBefore: readonly DrawnEntry[]): string {
  const others = drawnBefore.map(({ kind, entry: { name, index } }) => ({ kind, name, k: index }));
  if (others.length === 0) return 'groups';
  script.section('Refill');
  const counts = others.map(({ kind, name }) =>
    kind === 'pool'
      ? select([...groupKey, ['drawn', call('listSize', col('items'))]], `${name}__lists`)
      : select([...groupKey, ['drawn', int(1)]], `${name}__drawn`),
  );
  const drawn = select([...groupKey, ['drawn', sum(col('drawn'))]], unionAll(...counts), {
    groupBy: cols(groupKey),
  });
  const asked = added(...others.map(({ k }) => col(quotaColumn(k), 'g')));
  const missing = sql`${asked} - ${fn('coalesce', col('drawn', 'd'), int(0))}`;
  return script.table(
    'refilled_groups',
    select(
      [
        ...columnsFrom([...groupKey, 't', ...(needsReadTimes(job) ? [readTime] : []), 'item', 'request_key'], 'g'),
        [quotaColumn(refillFrom), sql`${col(quotaColumn(refillFrom), 'g')} + ${missing}`],
      ],
      from('groups', 'g'),
      { joins: [join('left', drawn, 'd', sameGroup('d', 'g'))] },
    ),
    'What the other entries lack is added to the quota. docs/sampling.md: Refill.',
  );
}

/** Names for the steps of entries: the entry's own if it is plain. */
export function stepNames(entries: readonly PlanEntry[]): string[] {
  return entries
    .map(({ name }, k) => (/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) && name.length <= 40 ? name : `entry_${k}`))
    .map((name, k, all) => (all.indexOf(name) === k ? name : `entry__${k}`));
}

/** The step with the positives that the trainer forms its batches from: of all users, and of the training window. */
export function batchPositives(script: Script, sources: Sources, job: SparkJob, log: Log): string {
  if (job.plan.trainPositives) return addTrainPositives(script, sources, job, log);
  return job.users === null ? 'group_positives' : allPositives;
}

function addRows(script: Script, sources: Sources, job: SparkJob, log: Log): void {
  const { plan } = job;
  const source = sources.required('impressions');
  const hasBatch = plan.logq !== undefined && plan.inBatch !== null;
  if (hasBatch) addBatchItems(script, batchPositives(script, sources, job, log));
  const { logQMix, columns } = correctionsOf(plan);
  const teaching = addTeacher(script, plan, log, (name) => col(name, 'r'));
  addAsOf(script, job, log, select(['item', ['t', col(readTime)]], 'row_items'));
  // A request may have no rows.
  const written = plan.unit === 'request' ? [join('semi', 'row_items', 'w', sameGroup('w', 'g'))] : [];
  const rows = select(columnsFrom(['user', readTime], 'g'), from('groups', 'g'), { joins: written });
  addSequences(script, sources, job, log, { rows, written: 'row_items' });
  const entryText = (of: (entry: PlanEntry) => string): Expression =>
    plan.entries.length === 0
      ? nothing('STRING')
      : when(plan.entries.map((entry, k) => [sql`${col('entry', 'r')} = ${int(k)}`, text(of(entry))] as const));
  const requests = source.hasRole('request') || (plan.unit === 'request' && sources.drawsCandidates);
  const correctionRoles = ['logq_correction', 'log_q_batch', 'logq_correction_batch'] as const;
  const grouping = drawnGrouping(plan);
  const roles: (readonly [OutputRole, Expression])[] = [
    ['user', userOf(sources, col('user', 'r'))],
    ['item', itemOf(sources, col('item', 'r'))],
    ['label', cast(col('own', 'r'), 'TINYINT')],
    ['source', entryText((entry) => entry.source)],
    ['entry', entryText((entry) => entry.name)],
    ...(plan.unit === 'positive' ? [['positive_item', itemOf(sources, col('group_item', 'r'))] as const] : []),
    ...(requests ? [['request', requestOf(sources, col('request', 'r'))] as const] : []),
    ['time', timeOf(source, col('t', 'r'))],
    ...(job.placement.groupId ? [['group_id', groupIdOf(plan, grouping)] as const] : []),
    ['draw', col('draw', 'r')],
    ['log_q', col('log_q', 'r')],
    ['log_q_mix', logQMix],
    ...columns.map((value, k) => [correctionRoles[k] ?? 'logq_correction', value] as const),
    ['weight', col('weight', 'r')],
    ...(plan.positives.hasKeepProbability ? [['keep_prob', col('keep', 'r')] as const] : []),
    ...(teaching ? [['teacher', teaching.value(exposureValue('teacher'))] as const] : []),
  ];
  addOutput(script, sources, job, {
    rows: named('row_chances'),
    joins: [
      ...(hasBatch ? [join('left', 'batch_items', 'h', sql`${col('item', 'h')} = ${col('item', 'r')}`)] : []),
      ...ownExposureJoins(job),
      ...(teaching?.joins ?? []),
    ],
    roles,
    outcomes: outcomeOutput(plan, log.ends.knownUntil, {
      exposureColumn: exposureValue,
      hasNone: sql`${exposureValue('user')} IS NULL`,
      time: col('t', 'r'),
      label: col('own', 'r'),
      weight: col('weight', 'r'),
    }),
    time: col('t', 'r'),
    readTime: col(readTime, 'r'),
    request: col('request', 'r'),
    grouping,
    ofLog: ({ column, side }) =>
      side === 'exposure' ? exposureValue(copiedLogColumn(column)) : col(copiedLogColumn(column), 'r'),
    about: ['Positives and negatives. docs/sampling.md: log q, log q correction.'],
  });
}
