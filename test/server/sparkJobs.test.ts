import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fineExample } from '../../src/core/policy/examples/fine.ts';
import { render, type Message } from '../../src/core/message/message.ts';
import { wire } from '../../src/protocol/wire.ts';
import { wireName, type SparkJobText, type SampleOffer } from '../../src/protocol/server.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { dist, LanguageClient, uriOf } from './languageClient.ts';

let scratch = '';
const demo = (...segments: string[]): string => path.join(scratch, 'demo', ...segments);
let client: LanguageClient;

before(async () => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-jobs-')));
  await tinyDemo(demo(), { bad: false });
  client = await LanguageClient.start({
    folder: demo(),
    initializationOptions: { commands: ['recsample.exportSparkJob'] },
  });
});
after(async () => {
  assert.equal(await client.stop(), 0);
  rmSync(scratch, { recursive: true, maxRetries: 5 });
});

const fine = (): { readonly config: { readonly uri: string }; readonly stage: 'fine_ranking' } => ({
  config: { uri: uriOf(demo('configs', 'fine_ranking.ratio.yaml')) },
  stage: 'fine_ranking',
});
const jobOf = (more: object = {}, of = client): Promise<SparkJobText> =>
  of.request<SparkJobText>(wireName('sparkJob'), { ...fine(), ending: '.sql', ...more });

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { data } = error as { readonly data: { readonly message: Message; readonly advice?: Message } };
    return [data.message, ...(data.advice ? [data.advice] : [])].map((one) => render(one)).join('. ');
  }
  return assert.fail('it did not fail');
}

test('the job is that of the command line, in SQL and in Python', async () => {
  assert.deepEqual(await client.request<Pick<SampleOffer, 'splits'>>(wireName('sparkJobOffer'), fine()), {
    splits: ['train', 'eval'],
  });
  for (const [ending, more] of [
    ['.sql', []],
    ['.py', ['--out', 'job.py']],
  ] as const) {
    const { text, output } = await jobOf({ ending });
    const line = [path.join(dist, 'cli.cjs'), 'spark', 'configs/fine_ranking.ratio.yaml', ...more];
    const printed = execFileSync(process.execPath, line, { cwd: demo(), encoding: 'utf8' });
    assert.equal(output, demo('out', 'fine_ranking.spark'));
    assert.equal(text, ending === '.sql' ? printed : readFileSync(demo('job.py'), 'utf8'));
  }
});

test('split and seed of the request and the unsaved text of the editor are used', async () => {
  const { uri } = fine().config;
  await client.open(uri, fineExample.replace('pass_through: [position, city', 'pass_through: [position'));
  const { text } = await jobOf({ split: 'eval', seed: 'other' });
  await client.close(uri);
  assert.match(text, /^-- seed: other$/m);
  assert.match(text, /^-- split: eval$/m);
  assert.doesNotMatch(text, /\bcity\b/);
  assert.match((await jobOf()).text, /\bcity\b/);
});

test('a config with errors and one whose data are missing are refused', async () => {
  const uri = uriOf(demo('configs', 'refused.ratio.yaml'));
  for (const [text, said] of [
    [fineExample.replace('unit: impression', 'unit: nothing'), /^Nothing is written: the config has errors/],
    [fineExample.replace('../data/impressions', '../data/nothing'), /impressions/],
  ] as const) {
    await client.open(uri, text);
    assert.match(await refusal(jobOf({ config: { uri } })), said);
    await client.close(uri);
  }
});

test('in Restricted Mode no job is written, and no data are opened', async () => {
  const restricted = await LanguageClient.start({ folder: demo(), initializationOptions: { trusted: false } });
  for (const asked of [() => jobOf({}, restricted), () => restricted.request(wireName('sparkJobOffer'), fine())])
    assert.equal(
      await refusal(asked()),
      'Restricted Mode: no Spark job is written. Trust this workspace to write one.',
    );
  assert.equal(await restricted.request(wire.enginePid, undefined), null);
  assert.equal(await restricted.stop(), 0);
});
