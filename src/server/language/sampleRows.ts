import type { StageView } from '../../core/config/entries.ts';
import type { Answers, Facts } from '../../core/data/facts.ts';

/** How many rows a stage comes to. */
export interface SampleRows {
  readonly count: number;
  /** True where positives are thinned out, so that there will be fewer rows. */
  readonly atMost: boolean;
}

/** Positives and groups of a stage in the training window, where they were counted. */
export function countedGroups(stage: StageView, facts: Facts): Answers['groups'] | null {
  const answer = facts.answer({ kind: 'groups', stage: stage.name });
  return answer && 'value' in answer ? answer.value : null;
}

/**
 * Rows of a sample file in the layout `long`: every positive, and the negatives that are asked for. Unit impression: every negative,
 * or the fraction of them that `downsample` keeps. Null where something of it is not known.
 */
export function sampleRows(stage: StageView, facts: Facts): SampleRows | null {
  const counted = countedGroups(stage, facts);
  if (!counted) return null;
  const { positives, groups } = counted;
  const atMost =
    stage.draft.positives?.downsample_hot !== undefined || stage.draft.positives?.max_per_user_per_day !== undefined;
  if (stage.unit === 'impression')
    return { count: Math.round(positives + (groups - positives) * (stage.draft.negatives?.downsample ?? 1)), atMost };
  if (stage.unit === undefined || stage.total === null) return null;
  return { count: Math.round(positives + groups * stage.total), atMost };
}

/** Negatives for each positive: as asked in the unit positive, from the data in the others. Null where that is not known. */
export function negativesPerPositive(stage: StageView, quota: number | null, facts: Facts): number | null {
  if (stage.unit === 'positive') return quota;
  const counted = countedGroups(stage, facts);
  if (!counted || counted.positives === 0) return null;
  if (stage.unit === 'impression')
    return ((counted.groups - counted.positives) * (stage.draft.negatives?.downsample ?? 1)) / counted.positives;
  return quota === null ? null : (quota * counted.groups) / counted.positives;
}

/** A number in at most four digits, without a tail of zeros: `3`, `0.3`, `9.293`. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
