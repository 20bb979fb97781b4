import { head } from './head.ts';

/** The valid demo config of fine ranking; the examples of the rules are derived from it. */
export const fineExample = `# Fine ranking on the demo workspace: every exposure that was seen, with its own label; one unclicked in ten is kept.
${head}  samples:
    fine_ranking:
      path: ../out/fine_ranking.parquet
      columns: {user: user_id, item: item_id, label: label, source: source, request: request, time: time, position: position, weight: weight}
events:
  click: is_click
window:
  train: {from: 2026-11-01, to: 2026-11-20}
  eval: {from: 2026-11-21, to: 2026-11-21}
stages:
  fine_ranking:
    unit: impression
    positives:
      events: {click: 1}
    negatives:
      mix:
        exposed_unclicked: {share: 1, seen: viewed, mature_after: 30m}
      downsample: 0.1
      calibration: weight
output: {layout: long, pass_through: [position, city]}
policy: recommended
`;
