import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { outcomeColumn } from '../../core/config/outcomeNames.ts';
import type { OutputColumn } from './layouts.ts';

/** The columns of `output.events` and `output.graded`. */
export function outcomeColumns({ outcomes }: StagePlan): OutputColumn[] {
  if (!outcomes) return [];
  return [
    ...outcomes.events.map(({ name }, k): OutputColumn => ({
      name: outcomeColumn(name),
      of: 'rows',
      list: 'outcomes',
      sql: (words) => `CASE WHEN (${words} >> ${32 + k}) & 1 = 0 THEN CAST((${words} >> ${k}) & 1 AS TINYINT) END`,
    })),
    ...(outcomes.graded
      ? [{ name: 'grade', of: 'rows', list: 'grade', sql: (grade) => grade } satisfies OutputColumn]
      : []),
  ];
}
