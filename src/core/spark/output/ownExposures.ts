import type { SparkJob } from '../sparkJob.ts';
import { groupKey, sameGroup } from '../groups/groups.ts';
import { readTime } from '../groups/readTimes.ts';
import { copiedLogColumn, type Log } from '../inputs/log.ts';
import type { DrawnEntry } from '../entries/drawnEntry.ts';
import type { ListEntry } from '../entries/listEntry.ts';
import { outcomeFlags, shownAt } from '../inputs/outcomes.ts';
import { and, asc, col, fn, int, over, sql, when } from '../../relation/expression.ts';
import { cols, columnsFrom, equal, from, join, select, unionAll } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/** The entry of positives in the step `own_exposures`. */
const POSITIVES = -1;

/** Columns of the log that rows of a unit that draws take from the exposure of their own item. */
export function exposureColumns({ plan, inputs }: SparkJob): string[] {
  if (plan.unit === 'impression') return [];
  const copies = inputs.passed
    .filter(({ from: table, side }) => table === 'impressions' && side === 'exposure')
    .map(({ column }) => copiedLogColumn(column));
  const flags = outcomeFlags(plan);
  const labelled = flags.length === 0 ? [] : [...flags, shownAt];
  return [...new Set([...copies, ...(plan.teacher?.from === 'impressions' ? ['teacher'] : []), ...labelled])];
}

/** Columns of the step `<name>__exposures` that only `own_exposures` reads. */
export function orderedExposure(job: SparkJob, { pickNames }: Log): string[] {
  const columns = exposureColumns(job);
  return columns.length === 0 ? [] : ['t', ...pickNames, ...columns].filter((one, k, all) => all.indexOf(one) === k);
}

/**
 * The step `own_exposures`: for each positive and each negative of `exposed_unclicked`, the columns of the exposure
 * that made its item one. Of a negative, the earliest in its request; else the latest before the read time of the
 * group, else the earliest.
 */
export function addOwnExposures(script: Script, job: SparkJob, log: Log, entries: readonly DrawnEntry[]): void {
  const columns = exposureColumns(job);
  if (columns.length === 0) return;
  const positives = select(
    [...groupKey, 'item', ['entry', int(POSITIVES)], ...columns],
    job.plan.unit === 'positive' ? 'groups' : 'group_positives',
  );
  const negatives = entries.flatMap((one, k) =>
    one.kind === 'list' && one.entry.plan.rows.of === 'exposures' ? [ofEntry(one.entry, k, log, columns)] : [],
  );
  script.table(
    'own_exposures',
    unionAll(positives, ...negatives),
    'The exposure of each positive, and of each item that was drawn because it was shown.',
    'docs/samples.md: Pass-through columns.',
  );
}

function ofEntry({ name, plan: { rows } }: ListEntry, k: number, log: Log, columns: readonly string[]): Relation {
  const isUser = rows.of === 'exposures' && rows.scope === 'user';
  const isPast =
    rows.of === 'exposures' && rows.scope !== 'request' ? [sql`${col('t', 'l')} < ${col(readTime, 'g')}`] : [];
  const kind = when(
    [
      ...(isUser ? [] : [[sql`${col('request_key', 'l')} = ${col('request_key', 'g')}`, int(0)] as const]),
      ...isPast.map((one) => [one, int(1)] as const),
    ],
    int(2),
  );
  const shown = select(
    [
      ...columnsFrom([...groupKey, 'item'], 'd'),
      ['kind', kind],
      ...columnsFrom([...new Set(['t', ...log.pickNames, ...columns])], 'l'),
    ],
    from(`${name}__drawn`, 'd'),
    {
      joins: [
        join('inner', 'groups', 'g', sameGroup('g', 'd')),
        join('inner', `${name}__exposures`, 'l', equal('l', 'd', ['user', 'item'])),
      ],
    },
  );
  // Earlier exposures come first, except among those before the group.
  const at = when([[sql`${col('kind')} = ${int(1)}`, sql`${int(0)} - ${col('t')}`]], col('t'));
  const place = over(fn('row_number'), {
    partition: cols([...groupKey, 'item']),
    order: [asc(col('kind')), asc(at), ...log.pickNames.map((one) => asc(col(one)))],
  });
  return select(
    [...groupKey, 'item', ['entry', int(k)], ...columns],
    select([...groupKey, 'item', ...columns, ['place', place]], shown),
    { where: [sql`${col('place')} = ${int(1)}`] },
  );
}

/** Join of the rows `r` with their exposure `e`. */
export function ownExposureJoins(job: SparkJob, kind: 'left' | 'inner' = 'left'): Join[] {
  if (exposureColumns(job).length === 0) return [];
  return [
    join(
      kind,
      'own_exposures',
      'e',
      and(
        sameGroup('e', 'r'),
        sql`${col('item', 'e')} = ${col('item', 'r')}`,
        sql`${col('entry', 'e')} = ${fn('coalesce', col('entry', 'r'), int(POSITIVES))}`,
      ),
    ),
  ];
}

/** A column of the exposure of a row `r`. */
export function exposureValue(column: string): Expression {
  return col(column, 'e');
}
