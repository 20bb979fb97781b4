import { head } from './head.ts';

/** The valid demo config of coarse ranking; the examples of the rules are derived from it. */
export const coarseExample = `# Coarse ranking on the demo workspace: what later stages kept, and what this one dropped, per request.
${head}  candidates:
    path: ../data/candidates/dt=*/*.parquet
    columns: {user: user_id, item: item_id, request: request_id, time: ts, channel: channel, rank: recall_rank, reached: reached, score: coarse_score, teacher: fine_score}
  samples:
    coarse_ranking:
      path: ../out/coarse_ranking.parquet
      columns: {user: user_id, item: item_id, label: label, source: source, request: request, time: time}
events:
  click: is_click
window:
  train: {from: 2026-11-01, to: 2026-11-20}
  eval: {from: 2026-11-21, to: 2026-11-21}
stages:
  coarse_ranking:
    unit: request
    approach: mixed
    positives:
      events: {click: 1}
    negatives:
      per_request: {exposed_unclicked: 10, ranked_unexposed: 10, coarse_filtered: {count: 40, by: channel}}
      on_shortfall: keep
    teacher: {column: teacher, kind: probability, on: exposed}
output: {layout: long, pass_through: [city]}
policy: recommended
`;
