import { Block } from './block.ts';

export const channels = ['i2i', 'u2i', 'hot', 'geo', 'new'] as const;
/** The last stage that a candidate entered. */
export const stages = ['recall', 'coarse', 'fine', 'exposed'] as const;
export const sources = ['positive', 'exposed_unclicked', 'popularity', 'global_random', 'hard_rank'] as const;
export const refusals = ['dates_taken', 'party_too_large', 'house_rules', 'no_reviews'] as const;
export const actions = ['search_click', 'order'] as const;
export const dislikes = ['not_interested', 'seen_too_often', 'too_expensive'] as const;

/**
 * The tables that grow day by day. Missing values are NaN in doubles and −1 in integers; enumerations are indices into
 * the lists above. `item` columns are indices of the corpus, for the join with titles and cities.
 */
export class Logs {
  readonly impressions;
  readonly candidates;
  readonly sample;
  readonly refusals;
  readonly dislikes;
  readonly actions;

  /**
   * @param requests most requests between two times of emptying. @param candidates most candidate rows of so many
   * requests.
   */
  constructor(requests: number, candidates: number) {
    this.impressions = new Block(
      {
        user_id: 'int64',
        item_id: 'int64',
        ts: 'timestamp',
        request_id: 'int64',
        position: 'int16',
        is_viewed: 'bool',
        is_click: 'int8',
        play_time: 'double',
        device: 'int8',
        shown_price: 'decimal9_2',
        item_ctr: 'double',
        teacher_score: 'double',
      },
      requests * largestRequest,
    );
    this.candidates = new Block(
      {
        user_id: 'int64',
        item_id: 'int64',
        request_id: 'int64',
        ts: 'timestamp',
        channel: 'int8',
        recall_rank: 'int32',
        reached: 'int8',
        coarse_score: 'double',
        fine_score: 'double',
        teacher_score: 'double',
      },
      candidates,
    );
    this.sample = new Block(
      {
        user_id: 'int64',
        item: 'int32',
        label: 'int8',
        source: 'int8',
        positive: 'int32',
        ts: 'timestamp',
        draw: 'int32',
        log_q: 'double',
        row: 'int32',
      },
      requests * largestRequest * 11,
    );
    this.refusals = new Block(
      { user_id: 'int64', item_id: 'int64', ts: 'timestamp', reason: 'int8' },
      requests * largestRequest,
    );
    this.actions = new Block(
      { user_id: 'int64', item_id: 'int64', ts: 'timestamp', action: 'int8' },
      // A request makes at most a search, its order, and an order for each click.
      requests * (largestRequest + 2),
    );
    this.dislikes = new Block(
      { user_id: 'int64', item_id: 'int64', ts: 'timestamp', reason: 'int8' },
      requests * largestRequest,
    );
  }
}

/** Impressions of a request: 6 to 14. */
export const smallestRequest = 6;
export const largestRequest = 14;
