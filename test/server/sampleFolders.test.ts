import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import type { RecordedStage } from '../../src/protocol/auditView.ts';
import { wireName, type ServerParams, type GeneratedSample, type SampleOffer } from '../../src/protocol/server.ts';
import { dist, LanguageClient, uriOf } from './languageClient.ts';

let scratch = '';
const demo = (...segments: string[]): string => path.join(scratch, 'demo', ...segments);
before(() => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-folders-')));
  execFileSync(process.execPath, [path.join(dist, 'cli.cjs'), 'demo', demo(), '--scale', 'tiny', '--seed', 'files']);
});
after(() => {
  rmSync(scratch, { recursive: true, maxRetries: 5 });
});

const recall = (): Pick<ServerParams<'generate'>, 'config' | 'stage'> => ({
  config: { uri: uriOf(demo('configs', 'recall.ratio.yaml')) },
  stage: 'recall',
});

const recorded = async (client: LanguageClient, ...file: string[]): Promise<RecordedStage> =>
  await client.request(wireName('recorded'), { path: demo(...file), token: 'host-1' });

test('with shards, a folder is offered and written', async () => {
  const fresh = await LanguageClient.start({ folder: demo() });
  const { uri } = recall().config;
  await fresh.open(
    uri,
    recallExample.replace('output: {', 'output: {shards: 3, ').replace('../out/recall.parquet', '../out/shards'),
  );
  const { file, folder } = await fresh.request<SampleOffer>(wireName('sampleOffer'), recall());
  assert.deepEqual([file, folder], [demo('out', 'shards'), true]);
  const written = { ...recall(), split: 'train', file: null } satisfies ServerParams<'generate'>;
  const { summary, report } = await fresh.request<GeneratedSample>(wireName('generate'), written);
  assert.equal(summary.files, 3);
  assert.match(report, /^out\/shards\n.*\n.* · 3 files\n/);
  const parts = readdirSync(demo('out', 'shards'));
  assert.equal(parts.length, 4);
  // The lock file of a folder tells the stage of its files. The config on disk is another one.
  for (const name of parts.filter((one) => one.endsWith('.parquet')))
    assert.deepEqual(await recorded(fresh, 'out', 'shards', name), { config: null, stage: 'recall' });
  assert.deepEqual(await recorded(fresh, 'out', 'recall.parquet'), { config: null, stage: null });
  assert.deepEqual(await recorded(fresh, 'data', 'items.parquet'), { config: null, stage: null });
  await assert.rejects(
    fresh.request(wireName('generate'), { ...written, file: demo('out', 'x.parquet') }),
    /Choose the name of a folder/,
  );
  assert.equal(await fresh.stop(), 0);
});
