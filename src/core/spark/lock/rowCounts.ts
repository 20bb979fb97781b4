import { qBins } from '../../sampling/lock/qTally.ts';
import { cast, col, countRows, double, fn, int, sql, sum, when } from '../../relation/expression.ts';
import { cols, equal, from, join, named, select } from '../../relation/relation.ts';
import type { DrawnEntry } from '../entries/drawnEntry.ts';
import { userPart } from '../groups/splitUsers.ts';
import type { Log } from '../inputs/log.ts';
import { writtenRows } from '../output/placed.ts';
import { shownItems } from '../output/teacher.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Expression } from '../../relation/tree.ts';
import { longRows } from './longRows.ts';

/** Rows by label and entry, with statistics of their logs: one pass over the result. */
export function addRowCounts(script: Script, job: SparkJob, entries: readonly DrawnEntry[] | null): void {
  const { plan } = job;
  const logs =
    entries === null
      ? []
      : ([
          ['q', 'log_q'],
          ['mix', 'log_q_mix'],
        ] as const);
  const teacher = plan.teacher ? (['teacher'] as const) : [];
  const hasBatch = entries !== null && plan.logq !== undefined && plan.inBatch !== null;
  const batch = hasBatch ? (['logq_correction_batch'] as const) : [];
  const key = ['label', 'entry', ...logs.map(([name]) => `${name}_bin`)];
  const rows = select(
    [
      ...key,
      ['rows', countRows],
      ...logs.flatMap(([name]) => [
        [`${name}_rows`, fn('count', col(name))] as const,
        [
          `${name}_sum`,
          // A text: a sum may have more digits than a number of JSON.
          cast(sum(cast(fn('floor', sql`${sql`${col(name)} * ${double(1e6)}`} + ${double(0.5)}`), 'BIGINT')), 'STRING'),
        ] as const,
        [`${name}_least`, fn('min', col(name))] as const,
        [`${name}_greatest`, fn('max', col(name))] as const,
      ]),
      ...teacher.map((role) => ['known', fn('count', col(role))] as const),
      ...batch.flatMap((role) => [
        ['batch_rows', fn('count', col(role))] as const,
        ['batch_sum', fn('sum', fn('exp', sql`- ${col(role)}`))] as const,
      ]),
    ],
    select(
      [
        'label',
        'entry',
        ...logs.flatMap(([name, role]) => [[name, col(role)] as const, [`${name}_bin`, binOf(col(role))] as const]),
        ...teacher,
        ...batch,
      ],
      longRows(job, writtenRows(job), ['entry', ...logs.map(([, role]) => role), ...teacher, ...batch]),
    ),
    { groupBy: cols(key) },
  );
  const about = ['Rows by label, entry and bins of half a nat of their logs. sum: of whole millionths.'] as const;
  // The effective shares read the sums over the batches.
  script.counts('rows', hasBatch ? named(script.table('row_counts', rows, ...about)) : rows, ...about);
}

/** Rows on which the teacher is trusted, by entry; NULL: positives. */
export function addTaught(script: Script, log: Log): void {
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
