import type { StageView } from '../config/entries.ts';

/**
 * True where the positives weigh as much as the part of the negatives that `downsample` keeps: the odds in training are the true ones
 * already, so the events do what `calibration: weight` does from the other side.
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
