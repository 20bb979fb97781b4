import { message, type Message } from '../message/message.ts';
import type { Stage } from '../schema/stage.ts';
import { fixed } from '../table/format.ts';

/** Smaller differences of distances are rounding errors, so they count as equal on every machine. */
const ROUNDING = 1e-12;

/** What distances are measured from: the input of the stage. For fine ranking, the input is the exposures. */
export const distanceTitles: { readonly [S in Stage]: Message } = {
  recall: message('Distance to the corpus'),
  coarse_ranking: message('Distance to the candidates'),
  fine_ranking: message('Distance to the exposures'),
};

/** A Jensen–Shannon divergence in bits, from 0 to 1: `0.18`. */
export function distanceText(distance: number | null): string {
  return distance === null ? '–' : fixed(distance, 2);
}

/** True if the negatives are closer to the input of the stage than the exposures are. Null if a distance is unknown. */
export function nearness(distance: number | null, ofExposures: number | null): Message | null {
  if (distance === null || ofExposures === null) return null;
  if (Math.abs(distance - ofExposures) < ROUNDING) return message('equal');
  return distance < ofExposures ? message('nearer') : message('farther');
}
