import { columnNamed } from '../../core/data/columnKinds.ts';
import type { Facts } from '../../core/data/facts.ts';
import { historyProblem } from '../../core/table/historyProblem.ts';
import { message, type Message } from '../../core/message/message.ts';
import { suggest } from '../../core/message/suggest.ts';
import type { PlanExclude } from '../../core/sampling/plan/stagePlan.ts';

/** Why the files have no past items for an exclusion; null if they have, or if it has no history. */
export function historyLack(exclude: PlanExclude, facts: Facts): Message | null {
  const log = facts.dataset('impressions');
  if (!exclude?.history || log?.state !== 'known') return null;
  const { column: name } = exclude.history;
  const column = columnNamed(log, name);
  if (column) return historyProblem(column, exclude.history);
  const near = suggest(
    name,
    log.columns.map((candidate) => candidate.name),
  );
  return near === null
    ? message('the files of data.{0} have no column {1}', 'impressions', name)
    : message('the files of data.{0} have no column {1}. Did you mean {2}?', 'impressions', name, near);
}
