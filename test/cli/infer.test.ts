import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { durationOf } from '../../src/core/schema/form.ts';
import { stages } from '../../src/core/schema/stage.ts';
import { readConfig } from '../../src/core/config/read.ts';
import type { StageDraft } from '../../src/core/config/definition/stage.ts';
import { readLock } from '../../src/core/sampling/lock/lockFile.ts';
import { directory, run, useDemoFolder } from './demoFolder.ts';

useDemoFolder();

const data = ['impressions=data/impressions', 'items=data/items.parquet', 'users=data/users.parquet']
  .concat(['candidates=data/candidates', 'rejections=data/rejections.parquet'])
  .flatMap((one) => ['--data', one]);
const written = (stage: string): string => `configs/inferred-${stage}.ratio.yaml`;
const textOf = (file: string): string => readFileSync(join(directory, file), 'utf8');

async function infer(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(['infer', ...args]);
  assert.equal(code, 0, err);
  return out;
}

suite('the config that would produce a sample', () => {
  before(async () => {
    for (const stage of stages) {
      const config = `configs/${stage}.ratio.yaml`;
      assert.equal((await run(['sample', config, '--out', `out/${stage}.parquet`])).code, 0);
      // Without its lock file, nothing but the rows says how it was drawn.
      copyFileSync(join(directory, `out/${stage}.parquet`), join(directory, `theirs-${stage}.parquet`));
      await infer(`theirs-${stage}.parquet`, ...data, '--out', written(stage));
    }
  });

  test('the sequences of a file have the events and the delays of its config', async () => {
    const config = 'configs/histories.ratio.yaml';
    assert.equal((await run(['sample', config, '--out', 'out/histories.parquet'])).code, 0);
    copyFileSync(join(directory, 'out/histories.parquet'), join(directory, 'theirs-histories.parquet'));
    await infer('theirs-histories.parquet', ...data, '--out', written('histories'));
    const { config: inferred, problems } = readConfig(textOf(written('histories')), { language: 'yaml' });
    assert.deepEqual(problems, []);
    const { clicks, skips } = inferred.output?.sequences ?? {};
    assert.deepEqual([clicks?.events, skips?.events], [['click'], ['impressions']]);
    // Few rows of this small file have a step as young as the delay allows.
    const delay = (text = ''): number => durationOf(text) ?? 0;
    assert.ok(delay(clicks?.available_after) >= delay('1m') && delay(skips?.available_after) >= delay('30m'));
  });

  test('it lints clean, and its sample file has the columns that it names', async () => {
    for (const stage of stages) {
      const { code, out } = await run(['lint', written(stage), '--facts', 'data', '--fail-on', 'warning']);
      assert.equal(code, 0, `${textOf(written(stage))}\n${out}`);
    }
  });

  test('recall: unit, number, shares, exponent and counts of the pool are those of the config', () => {
    const text = textOf(written('recall'));
    const recall = stageOf(text, 'recall');
    const lock = readLock(textOf('out/recall.parquet.recsample.json'), 'lock');
    const drawn = lock.entries.reduce((sum, entry) => sum + entry.drawn, 0);
    assert.equal(recall.unit, 'positive');
    assert.equal(recall.negatives?.per_positive, 10);
    assert.equal(recall.negatives.refill_from, 'global_random');
    const mix = recall.negatives.mix ?? {};
    const share = (name: string): number => {
      const entry = mix[name];
      return typeof entry === 'number' ? entry : Number(entry?.share);
    };
    // Entries with a quota keep it although they ran short; the rejections of few users are what they were.
    assert.deepEqual(['exposed_unclicked', 'popularity', 'same_city'].map(share), [0.3, 0.4, 0.05]);
    const rejected = lock.entries.find(({ name }) => name === 'host_refused')?.drawn ?? 0;
    assert.ok(Math.abs(share('host_refused') - rejected / drawn) < 0.01);
    assert.ok(Math.abs(Object.keys(mix).reduce((sum, name) => sum + share(name), 0) - 1) < 1e-9);
    const [, low, high] = /exponent [-.\d]+ \(([-.\d]+) to ([-.\d]+)\)/.exec(text) ?? [];
    assert.ok(Number(low) <= 0.75 && 0.75 <= Number(high), `${low} to ${high}`);
    assert.match(text, /popularity: \{.*as_of: day, group_by: region\}/);
    assert.match(text, /where: \{status: online\} {3}# all 539 draws/);
    assert.match(text, /same_city: \{source: same_attribute, match: \[city\]/);
    assert.match(text, /train: \{from: 2026-11-17, to: 2026-11-20\}/);
    assert.match(text, /# downsample_hot, max_per_user_per_day: .* cannot be inferred/);
  });

  test('coarse ranking: counts of a request; fine ranking: the share of kept exposures', () => {
    const coarse = stageOf(textOf(written('coarse_ranking')), 'coarse_ranking');
    assert.equal(coarse.unit, 'request');
    assert.deepEqual(coarse.negatives?.per_request, {
      coarse_filtered: 40,
      exposed_unclicked: 10,
      ranked_unexposed: 10,
    });
    const fine = stageOf(textOf(written('fine_ranking')), 'fine_ranking');
    assert.deepEqual(
      [fine.unit, fine.negatives?.downsample, fine.negatives?.calibration],
      ['impression', 0.1, 'weight'],
    );
    assert.deepEqual(fine.negatives?.mix, { exposed_unclicked: { share: 1, seen: 'viewed' } });
  });

  test('without sources, each class of negatives is an entry, or a comment that says why not', async () => {
    const text = await infer('theirs-recall.parquet', ...data, '--role', 'source=', '--role', 'entry=');
    const { negatives, unit } = stageOf(text, 'recall');
    assert.deepEqual([unit, negatives?.per_positive], ['positive', 10]);
    assert.ok(Object.keys(negatives?.mix ?? {}).includes('exposed_unclicked'), text);
    assert.match(text, /# candidate: [\d.]+ % \(.*\); the rank or score it was drawn by cannot be inferred/);
  });

  test('a file is not replaced without --force, and the log is needed', async () => {
    const refused = async (...args: readonly string[]): Promise<string> => {
      const { code, err } = await run(['infer', ...args]);
      assert.equal(code, 2);
      return err;
    };
    const before = textOf(written('recall'));
    assert.match(
      await refused('theirs-recall.parquet', ...data, '--out', written('recall')),
      /already exists.*--force/s,
    );
    assert.equal(textOf(written('recall')), before);
    await infer('theirs-fine_ranking.parquet', ...data, '--out', written('recall'), '--force');
    assert.match(textOf(written('recall')), /fine_ranking:/);
    assert.match(await refused('theirs-recall.parquet'), /log is needed.*--data impressions=PATH/s);
    assert.match(await refused('theirs-recall.parquet', '--data', 'log=x'), /--data must be NAME=PATH/);
    assert.match(await refused('theirs-recall.parquet', ...data, '--out', 'x.yaml'), /must end with \.ratio\.yaml/);
    assert.ok(!existsSync(join(directory, 'x.yaml')));
  });

  test('with a lock file, the data sets are those of its config', async () => {
    assert.match(await infer('out/fine_ranking.parquet'), /path: data\/impressions\/dt=\*\/\*\.parquet/);
  });
});

function stageOf(text: string, stage: (typeof stages)[number]): StageDraft {
  return readConfig(text, { language: 'yaml' }).config.stages?.[stage] ?? assert.fail(text);
}
