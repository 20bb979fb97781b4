import { clusteredRate } from '../../core/statistics/rate.ts';
import type { RowCounts } from '../../core/sampling/kernel/rowCounts.ts';

interface Sums {
  readonly asked: number;
  readonly missing: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}
const none: Sums = { asked: 0, missing: 0, xx: 0, xy: 0, yy: 0 };

/** Missing rows of the entries, user by user: rows of one user are alike. */
export class MissingByUser {
  readonly #sums: Sums[] = [];

  /** Called after each user, with the counts of all users so far. */
  readonly add = (entries: RowCounts['entries']): void => {
    for (const [e, { asked, drawn }] of entries.entries()) {
      const before = this.#sums[e] ?? none;
      const [y, x] = [asked - before.asked, asked - drawn - before.missing];
      this.#sums[e] = {
        asked,
        missing: asked - drawn,
        xx: before.xx + x * x,
        xy: before.xy + x * y,
        yy: before.yy + y * y,
      };
    }
  };

  /** How much the variance of the share of missing rows of entry `e` exceeds that of independent rows; at least 1. */
  design(e: number): number {
    const { asked, missing, ...sums } = this.#sums[e] ?? none;
    return clusteredRate({ x: missing, y: asked, ...sums }).design;
  }
}
