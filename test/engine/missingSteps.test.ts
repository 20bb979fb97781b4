import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { auditSample } from '../../src/project/audit/auditJob.ts';
import { sampleRecord } from '../../src/project/audit/sampleRecord.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { measured, table } from './auditCase.ts';
import { engine, folder, parquet } from './fixture.ts';
import { writeSample } from './sampledFile.ts';

const root = join(folder, 'missing-steps');
const file = 'out/sample.parquet';

const config = (more: string): string => `version: 1
seed: demo
data:
  impressions: {path: log.parquet, columns: {user: user_id, item: item_id, time: ts}}
  samples: {recall: {path: ${file}, columns: {user: user_id, item: item_id, label: label, time: ts}}}
events: {click: is_click}
window: {train: {from: 2026-11-05, to: 2026-11-10}}
stages: {recall: {unit: positive, positives: {events: {click: 1}}, negatives: {per_positive: 4, mix: {global_random: 1}}}}
output: {sequences: {clicks: {events: [click], length: 20, available_after: 1m${more}}}}
`;

before(async () => {
  mkdirSync(join(root, 'out'), { recursive: true });
  await parquet(
    join(root, 'log.parquet'),
    `SELECT (n // 5) % 60 AS user_id, hash(n) % 400 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (n // 5 * 350) SECOND AS ts, (hash(n, 'click') % 4 = 0)::TINYINT AS is_click FROM range(12000) t(n)`,
  );
});

/** Age below which 99 % of the missing newest steps are, in seconds. */
async function missing(more: string): Promise<unknown> {
  await writeSample(root, config(more), 'recall', file);
  const path = join(root, 'case.ratio.yaml');
  writeFileSync(path, config(more));
  const sample = join(root, file);
  const source = openConfig({ path, name: path, text: config(more), language: 'yaml', root });
  const { answer } = await auditSample(
    {
      sample,
      set: {},
      by: null,
      cache: null,
      of: { config: source, stage: 'recall', split: 'train' },
      record: sampleRecord(sample),
    },
    { engine, trusted: true, cache: new FactsCache() },
    {},
  );
  return table(measured(answer, 'sequences'), 'lists')[0]?.at(-3);
}

for (const more of ['', ', lookback: 12h', ', lookback: 2d'])
  test(`no step is missing with the delay of a minute${more}`, async () => {
    assert.equal(await missing(more), null);
  });

test('a batch per day lacks the steps of its day', async () => {
  assert.equal(await missing(', as_of: day'), 84_000);
});
