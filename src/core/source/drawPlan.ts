import type { Where } from './where.ts';

/** A count of log rows by item. */
export interface CountPlan {
  /** Name of an event, or `impressions`. */
  readonly of: string;
  /** Microseconds before `asOf`; null: no lower limit. With `asOf` `day`, whole days of 24 hours. */
  readonly window: number | null;
  /** A day or time as written; null: the training cut. `day`: the start of the group's local day, at most the cut. */
  readonly asOf: string | null;
}

/** Values of `reached` in the candidates, in the order of the funnel. */
export const stagesReached = ['recall', 'coarse', 'fine', 'exposed'] as const;

/** A plan that draws items with probabilities, by a keyed hash. */
export interface PoolPlan {
  readonly kind: 'pool';
  /** `exposed`: corpus items with an impression in the training window. */
  readonly items: 'corpus' | 'exposed';
  /** Filter of the items, in addition to `data.items.where`. */
  readonly where: Where | null;
  /**
   * Null: every item has the same weight. Otherwise max(1, floor(1024·(count + smoothing)^exponent + 0.5)), or 0 if
   * count + smoothing is 0. `exposures` counts the impressions in the training window.
   */
  readonly weight: {
    readonly count: CountPlan | 'exposures';
    readonly smoothing: number;
    readonly exponent: number;
  } | null;
  /**
   * One table of items for each value. `user`: by an attribute of the user, or by several, with counts over the users
   * with the same values; unknown values use the table of all users. `positive`: by attributes that items must share
   * with the positive; a positive without one of them draws nothing.
   */
  readonly partition:
    | { readonly by: 'user'; readonly attribute: string }
    | { readonly by: 'user'; readonly groupBy: readonly string[] }
    | { readonly by: 'positive'; readonly attributes: readonly string[] }
    | null;
}

/** The exposures that count as seen. `aboveLastClick`: the k of `above_last_click+k`. */
export type Seen = 'all' | 'viewed' | { readonly aboveLastClick: number };

/** A plan that takes the first acceptable candidates of an ordered list. */
export interface ListPlan {
  readonly kind: 'list';
  readonly rows:
    /** Exposures of the training window without a positive event. */
    | {
        readonly of: 'exposures';
        readonly scope: 'request_then_user' | 'request' | 'user';
        readonly seen: Seen;
        readonly matureAfter: number | null;
        /** True if exposures count only if the user saw the item first before the read time of the group. */
        readonly before: boolean;
      }
    /** The user's rejections until outcomes are known. `before`: only rejections before the read time of the group. */
    | { readonly of: 'rejections'; readonly before: true | null }
    /** The request's candidates. `ranks`: of the smallest rank of an item, 1-based, inclusive; only in `channel` if set. */
    | {
        readonly of: 'candidates';
        readonly keep:
          | { readonly by: 'rank'; readonly ranks: readonly [number, number]; readonly channel: string | null }
          /** Candidates at the positions skip + 1 … skip + top by descending score, NULL last, then by item. */
          | { readonly by: 'score' | 'teacher'; readonly skip: number; readonly top: number }
          | { readonly by: 'reached'; readonly reached: 'fine' | 'coarse' };
      };
  /** True if channels take turns in the order of the list. */
  readonly byChannel: boolean;
}
