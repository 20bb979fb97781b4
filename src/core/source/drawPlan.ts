import type { Where } from './where.ts';

/** A count of log rows by item. */
export interface CountPlan {
  /** Name of an event, or `impressions`. */
  readonly of: string;
  /** Microseconds before `asOf`; null: everything up to it. With `day`, a whole number of calendar days of 24 hours. */
  readonly window: number | null;
  /**
   * A day or time as written; null: the training cut. `day`: each group counts up to the start of its local day, but not
   * beyond the cut.
   */
  readonly asOf: string | null;
}

/** The values of `reached` in the candidates, from the first stage of the funnel to the last. */
export const stagesReached = ['recall', 'coarse', 'fine', 'exposed'] as const;

/** Keyed draws with probability. */
export interface PoolPlan {
  readonly kind: 'pool';
  /** `exposed`: corpus items with an impression in the training window. */
  readonly items: 'corpus' | 'exposed';
  /** In addition to `data.items.where`. */
  readonly where: Where | null;
  /**
   * Null: every item has the same weight. Else max(1, floor(1024·(count + smoothing)^exponent + 0.5)), and 0 if count +
   * smoothing is 0. For `exposed`, the count is that of the impressions in the training window.
   */
  readonly weight: {
    readonly count: CountPlan | 'exposures';
    readonly smoothing: number;
    readonly exponent: number;
  } | null;
  /**
   * One table per value. `user`: attribute of the user, or several attributes, with counts over the users of these
   * values; unknown values use the table of all users. `positive`: attributes that items must share with the positive; a
   * positive without one of them draws nothing.
   */
  readonly partition:
    | { readonly by: 'user'; readonly attribute: string }
    | { readonly by: 'user'; readonly groupBy: readonly string[] }
    | { readonly by: 'positive'; readonly attributes: readonly string[] }
    | null;
}

/** Which exposures count as seen. A number: `above_last_click+k`. */
export type Seen = 'all' | 'viewed' | { readonly aboveLastClick: number };

/** The first acceptable candidates in keyed order. */
export interface ListPlan {
  readonly kind: 'list';
  readonly rows:
    /** Exposures of the training window without a positive event. */
    | {
        readonly of: 'exposures';
        readonly scope: 'request_then_user' | 'request' | 'user';
        readonly seen: Seen;
        readonly matureAfter: number | null;
        /** Whether exposures of the user count only if the item was first shown before the read time of the group. */
        readonly before: boolean;
      }
    /** The user's rejections until outcomes are known. `before`: only those before the read time of the group. */
    | { readonly of: 'rejections'; readonly before: true | null }
    /** The request's candidates. `ranks`: 1-based, inclusive, on the smallest rank; only in `channel` if it is set. */
    | {
        readonly of: 'candidates';
        readonly keep:
          | { readonly by: 'rank'; readonly ranks: readonly [number, number]; readonly channel: string | null }
          /** Candidates at skip + 1 … skip + top by descending score, NULL last, then by item. */
          | { readonly by: 'score' | 'teacher'; readonly skip: number; readonly top: number }
          | { readonly by: 'reached'; readonly reached: 'fine' | 'coarse' };
      };
  /** True if channels take turns. */
  readonly byChannel: boolean;
}
