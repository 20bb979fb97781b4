import type { Where } from '../where.ts';

/** A count of log rows by item. */
export interface CountPlan {
  /** Name of an event, or `impressions`. */
  readonly of: string;
  /** Microseconds before `asOf`; null: everything up to it. */
  readonly window: number | null;
  /** A day or time as written; null: the training cut. */
  readonly asOf: string | null;
}

/** Keyed draws with probability. */
export interface PoolPlan {
  readonly kind: 'pool';
  /** `exposed`: items with an impression in the training window, as far as they are in the corpus. */
  readonly items: 'corpus' | 'exposed';
  /** Besides `data.items.where`. */
  readonly where: Where | null;
  /**
   * Null: every item alike. Else max(1, floor(1024·(count + smoothing)^exponent + 0.5)), 0 where count + smoothing is
   * 0. For `exposed` the count is that of the impressions in the training window.
   */
  readonly weight: {
    readonly count: CountPlan | 'exposures';
    readonly smoothing: number;
    readonly exponent: number;
  } | null;
  /**
   * One table for each value. `user`: attribute of the user, counts over the users of that value; unknown values take
   * the table of all. `positive`: attributes that items must share with the positive; a positive that lacks one draws
   * nothing.
   */
  readonly partition:
    | { readonly by: 'user'; readonly attribute: string }
    | { readonly by: 'positive'; readonly attributes: readonly string[] }
    | null;
}

/** Which exposures count as seen. A number: `above_last_click+k`. */
export type Seen = 'all' | 'viewed' | { readonly aboveLastClick: number };

/** The first of the acceptable candidates in keyed order. */
export interface ListPlan {
  readonly kind: 'list';
  readonly rows:
    /** Exposures of the training window without a positive event. */
    | {
        readonly of: 'exposures';
        readonly scope: 'request_then_user' | 'request' | 'user';
        readonly seen: Seen;
        readonly matureAfter: number | null;
      }
    /** The user's rejections up to the cut. */
    | { readonly of: 'rejections' }
    /**
     * The request's candidates. `ranks`: 1-based, inclusive, on the smallest rank, in `channel` alone where it is
     * named.
     */
    | {
        readonly of: 'candidates';
        readonly keep:
          | { readonly by: 'rank'; readonly ranks: readonly [number, number]; readonly channel: string | null }
          /** Those at skip + 1 … skip + top by falling score, NULL last, then by item. */
          | { readonly by: 'score' | 'teacher'; readonly skip: number; readonly top: number }
          | { readonly by: 'reached'; readonly reached: 'fine' | 'coarse' };
      };
  /** Channels take turns. */
  readonly byChannel: boolean;
}
