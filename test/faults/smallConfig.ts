import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes a config of the demo that reads and draws little: how files are published does not depend on their rows, and
 * each run draws them again.
 * @param demo the folder of the demo
 * @param name of the config
 * @param output as flow YAML
 * @param hasUsers whether the config also names the users
 */
export function writeSmallConfig(demo: string, name: string, output: string, hasUsers = false): void {
  const users = hasUsers
    ? '  users: {path: ../data/users.parquet, columns: {user: user_id, attributes: [region]}}\n'
    : '';
  writeFileSync(
    path.join(demo, `configs/${name}.ratio.yaml`),
    `version: 1
seed: demo
data:
  impressions:
    path: ../data/impressions/dt=*/*.parquet
    columns: {user: user_id, item: item_id, time: ts}
  items:
    path: ../data/items.parquet
    columns: {item: item_id}
${users}  samples:
    recall:
      path: ../out/recall
      columns: {user: user_id, item: item_id, label: label, source: source, positive_item: positive_item, time: ts, draw: draw, log_q: log_q}
events: {click: is_click}
window:
  train: {from: 2026-11-01, to: 2026-11-20}
stages:
  recall:
    unit: positive
    positives:
      events: {click: 1}
    negatives:
      per_positive: 10
      mix: {global_random: 1}
output: ${output}
`,
  );
}
