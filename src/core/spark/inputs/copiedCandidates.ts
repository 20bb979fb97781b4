import { compareTexts } from '../../sampling/compareTexts.ts';
import { copiedLogColumn } from './log.ts';
import { asc, col, fn, int, over, sql, text } from '../../relation/expression.ts';
import { cols, type Columns, select } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from './sources.ts';

/** The columns of the candidates that the rows copy. */
export function copiedOfCandidates({ inputs }: SparkJob): string[] {
  return [...new Set(inputs.passed.filter(({ from }) => from === 'candidates').map(({ column }) => column))];
}

/**
 * The step `copied_candidates`: one candidate of each user, request and item with the columns to copy. The one with the
 * smallest rank, NULL last, then the smallest channel, then the smallest tuple of the columns in use.
 */
export function addCopiedCandidates(script: Script, sources: Sources, job: SparkJob): void {
  const copies = copiedOfCandidates(job);
  if (copies.length === 0) return;
  const source = sources.required('candidates');
  const { roles } = source.table;
  const key = [...(source.hasRole('user') ? ['user'] : []), 'request', 'item'];
  const used = Object.values(roles).flatMap((role) => (role ? [role.name] : []));
  const ties = [...new Set([...used, ...copies])].sort(compareTexts);
  const tied = (name: string): string => `pick ${name}`;
  const rank: Columns = source.hasRole('rank') ? [['rank', source.number(source.role('rank').name)]] : [];
  const channel: Columns = source.hasRole('channel')
    ? [['channel', fn('coalesce', source.text('channel'), text(''))]]
    : [];
  const rows = select(
    [
      ...key.map((role) => [role, source.id(role)] as const),
      ...rank,
      ...channel,
      ...copies.map((name) => [copiedLogColumn(name), source.column(name)] as const),
      ...ties.map(
        (name) =>
          [tied(name), name === roles['time']?.name ? source.time('time') : source.columnWithoutNaN(name)] as const,
      ),
    ],
    source.view,
    { where: source.filter() },
  );
  const place = over(fn('row_number'), {
    partition: cols(key),
    order: [
      ...(rank.length === 0 ? [] : [asc(col('rank'), 'last')]),
      ...(channel.length === 0 ? [] : [asc(col('channel'))]),
      ...ties.map((name) => asc(col(tied(name)))),
    ],
  });
  const ranked = select([...key, ...copies.map(copiedLogColumn), ['place', place]], rows, {
    where: key.map((column) => sql`${col(column)} IS NOT NULL`),
  });
  script.section('Copied columns of the candidates');
  script.view(
    'copied_candidates',
    select([...key, ...copies.map(copiedLogColumn)], ranked, { where: [sql`${col('place')} = ${int(1)}`] }),
    'One candidate of each request and item: the smallest rank, then the smallest channel.',
    'docs/samples.md: Pass-through columns.',
  );
}
