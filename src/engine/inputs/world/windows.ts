import type { Bounds } from './within.ts';

/** Windows of a plan in microseconds. The training window ends at the cut; the window of the split is as configured. */
export interface Windows {
  readonly train: Bounds;
  readonly split: Bounds;
  /**
   * Time until which outcomes are known. For train: the cut. For eval: `window.known_until`, else the newest impression
   * or event.
   */
  readonly knownUntil: number;
}
