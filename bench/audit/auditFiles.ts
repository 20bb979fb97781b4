import { existsSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lockEnding } from '../../src/core/sampling/placement.ts';
import { measure } from '../measure.ts';
import { shopFiles } from '../sample/files/shopFiles.ts';

const config = 'audit.ratio.yaml';
const sample = 'audit.parquet';

export interface AuditFiles {
  readonly config: string;
  readonly sample: string;
}

/**
 * A recall sample of the shop, with ten negatives of three entries for each positive, and its lock file. Made once by
 * `recsample sample`. `positives`: clicks of the shop's log.
 */
export async function auditFiles(cache: string, cli: string, positives: number): Promise<AuditFiles> {
  const folder = await shopFiles(cache, positives);
  const files = { config: path.join(folder, config), sample: path.join(folder, sample) };
  writeFileSync(files.config, text);
  if (existsSync(files.sample)) return files;
  const unfinished = path.join(folder, `unfinished-${sample}`);
  await measure('recsample sample', [process.execPath, cli, 'sample', files.config, '--out', unfinished]);
  renameSync(unfinished + lockEnding, files.sample + lockEnding);
  renameSync(unfinished, files.sample);
  return files;
}

const text = `version: 1
seed: bench
data:
  impressions:
    path: impressions.parquet
    columns: {user: user_id, item: item_id, time: ts, request: request_id}
  items:
    path: items.parquet
    columns: {item: item_id, attributes: [category]}
events:
  click: is_click
window:
  train: {from: 2026-11-01, to: 2026-11-20}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives:
      per_positive: 10
      exclude: {events: [click], within: train}
      on_shortfall: keep
      mix:
        exposed_unclicked: {share: 0.2}
        popularity: {share: 0.5, exponent: 0.75, count: click, smoothing: 1}
        global_random: {share: 0.3}
    training: {loss: sampled_softmax, logq: true}
`;
