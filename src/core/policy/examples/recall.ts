import { head } from './head.ts';

/** The valid demo config of recall; the examples of the rules are derived from it. */
export const recallExample = `# Recall on the demo workspace: what was shown but not clicked, popular items, and the whole corpus.
${head}  users:
    path: ../data/users.parquet
    columns: {user: user_id, attributes: [region, activity]}
  candidates:
    path: ../data/candidates/dt=*/*.parquet
    columns: {user: user_id, item: item_id, request: request_id, time: ts, channel: channel, rank: recall_rank, reached: reached}
  rejections:
    path: ../data/rejections.parquet
    columns: {user: user_id, item: item_id, time: ts}
    kind: by_owner
  samples:
    recall:
      path: ../out/recall.parquet
      columns: {user: user_id, item: item_id, label: label, source: source, positive_item: positive_item, time: ts, draw: draw, log_q: log_q}
events:
  click: is_click
  long_play: {column: play_time, op: ">=", value: 7}
window:
  train: {from: 2026-11-01, to: 2026-11-20}
  eval: {from: 2026-11-21, to: 2026-11-21}
stages:
  recall:
    unit: positive
    positives:
      events: {click: 1, long_play: 2}
      downsample_hot: {threshold: 1.0e-3}
      max_per_user_per_day: 50
    negatives:
      per_positive: 10
      exclude: {events: [click], within: train}
      on_shortfall: refill
      refill_from: global_random
      mix:
        exposed_unclicked: {share: 0.3, seen: viewed, mature_after: 30m}
        popularity: {share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}
        global_random: 0.2
        same_city: {source: same_attribute, match: [city], share: 0.05}
        host_refused: {source: rejected, share: 0.05, exclude: none}
    training: {loss: sampled_softmax, logq: shares, in_batch: {batch_size: 1024, weight: 0.3}}
output: {layout: long, order: shuffled, pass_through: [city, category]}
policy: recommended
`;
