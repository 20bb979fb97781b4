import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { formatCount } from '../../core/table/format.ts';

/** Most rows that are in memory at once, about 100 bytes each. */
const MAX_ROWS = 10_000_000;

/** Rows of a group with one positive and without shortfalls. */
export function rowsPerGroup({ amounts, entries }: StagePlan): number {
  if (amounts.kind === 'none') return 1;
  return 1 + (amounts.kind === 'shares' ? amounts.perGroup : entries.reduce((sum, { amount }) => sum + amount, 0));
}

/** @throws FailureError `out-of-memory` before any row is drawn, if the rows would not fit into memory */
export function checkRows(plan: StagePlan, groups: number): void {
  const rows = groups * rowsPerGroup(plan);
  if (rows <= MAX_ROWS) return;
  throw fail(
    'out-of-memory',
    message(
      'These users need {0} rows, but at most {1} can be drawn at once',
      formatCount(rows),
      formatCount(MAX_ROWS),
    ),
    { advice: message('Choose fewer users, or fewer negatives.') },
  );
}
