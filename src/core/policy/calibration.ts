import type { StageView } from '../config/entries.ts';

/**
 * True if the positives weigh as much as the fraction of negatives that `downsample` keeps. The training odds are then
 * correct already: the event weights have the same effect as `calibration: weight`, applied to the positives.
 */
export function weighsBack({ draft }: StageView): boolean {
  const { downsample } = draft.negatives ?? {};
  const weights = Object.values(draft.positives?.events ?? {});
  return (
    downsample !== undefined &&
    downsample < 1 &&
    weights.length > 0 &&
    weights.every((weight) => Math.abs(weight / downsample - 1) < 1e-9)
  );
}
