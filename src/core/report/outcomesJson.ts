import { gradeOf } from '../sampling/outcomes.ts';
import type { PreviewRow } from '../sampling/drawn.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';

/** The labels of further events of a row, null if they are not known yet. */
export function labelsJson({ outcomes: plan }: StagePlan, { outcomes }: Pick<PreviewRow, 'outcomes'>): object {
  if (!plan || !outcomes) return {};
  return { labels: Object.fromEntries(plan.events.map(({ name }, k) => [name, outcomes[k] ?? null])) };
}

/** As `labelsJson`, and the grade of the row. */
export function outcomesJson(plan: StagePlan, row: Pick<PreviewRow, 'outcomes' | 'label' | 'weight'>): object {
  return { ...labelsJson(plan, row), ...(plan.outcomes?.graded ? { grade: gradeOf(row.label, row.weight) } : {}) };
}
