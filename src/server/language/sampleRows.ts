import type { StageView } from '../../core/config/entries.ts';
import type { Answers, Facts } from '../../core/data/facts.ts';

/** The expected number of rows of a stage. */
export interface SampleRows {
  readonly count: number;
  /** True if positives are downsampled or capped, so that the real number is lower. */
  readonly atMost: boolean;
}

/** Positives and groups of a stage in the training window; null if they were not counted. */
export function countedGroups(stage: StageView, facts: Facts): Answers['groups'] | null {
  const answer = facts.answer({ kind: 'groups', stage: stage.name });
  return answer && 'value' in answer ? answer.value : null;
}

/**
 * Expected rows of a sample file in the layout `long`: every positive plus the configured negatives. In the unit
 * impression, every negative or the fraction that `downsample` keeps. Null if a required figure is unknown.
 */
export function sampleRows(stage: StageView, facts: Facts): SampleRows | null {
  const counted = countedGroups(stage, facts);
  if (!counted) return null;
  const { positives, groups } = counted;
  const { downsample_hot: thinned, max_per_user_per_day: capped, min_steps: limited } = stage.draft.positives ?? {};
  const atMost = [thinned, capped, limited].some((key) => key !== undefined);
  if (stage.unit === 'impression')
    return { count: Math.round(positives + (groups - positives) * (stage.draft.negatives?.downsample ?? 1)), atMost };
  if (stage.unit === undefined || stage.total === null) return null;
  return { count: Math.round(positives + groups * stage.total), atMost };
}

/**
 * Negatives per positive: the configured quota in the unit positive, computed from the data in other units. Null if it
 * is not known.
 */
export function measuredNegativesPerPositive(stage: StageView, quota: number | null, facts: Facts): number | null {
  if (stage.unit === 'positive') return quota;
  const counted = countedGroups(stage, facts);
  if (!counted || counted.positives === 0) return null;
  if (stage.unit === 'impression')
    return ((counted.groups - counted.positives) * (stage.draft.negatives?.downsample ?? 1)) / counted.positives;
  return quota === null ? null : (quota * counted.groups) / counted.positives;
}

/** A number with at most four significant digits and no trailing zeros: `3`, `0.3`, `9.293`. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
