import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { drawWorkerFile } from '../engine/drawWorkerFile.ts';
import { recsample, type Outcome } from './commandLine.ts';
import { personalised, popular, writeLog, writeTrialConfig, type TrialStage } from './trialWorld.ts';

const directory = mkdtempSync(join(tmpdir(), 'recsample-trial-'));
after(() => rmSync(directory, { recursive: true, force: true }));
writeLog(directory, 'personalised', personalised);
writeLog(directory, 'popular', popular);

const shown = '{per_positive: 5, exclude: {events: [click], within: train}, mix: {exposed_unclicked: 1}}';
const none = '{per_positive: {global_random: 0}}';
const config = (name: string, stage: TrialStage): string => writeTrialConfig(directory, name, stage);

async function trial(args: readonly string[], signal?: AbortSignal, note?: (text: string) => void): Promise<Outcome> {
  return await recsample(
    ['trial', ...args],
    {},
    {
      directory,
      ...(signal ? { signal } : {}),
      ...(note ? { note } : {}),
      createEngine: () => Promise.resolve(createEngine({ threads: 2, drawWorker: drawWorkerFile })),
    },
  );
}

interface Report {
  readonly level: number;
  readonly earlier_configs: number;
  readonly arms: readonly {
    readonly name: string;
    readonly epochs: number;
    readonly loss: readonly number[][];
    readonly runs: readonly { readonly groups: number; readonly rows: number; readonly shortfall: number }[];
  }[];
  readonly values: readonly (readonly { readonly metric: string; readonly mean: number | null }[])[];
  readonly popularity: readonly { readonly metric: string; readonly mean: number | null }[];
  readonly pairs: readonly {
    readonly reference: number;
    readonly arm: number;
    readonly differences: readonly {
      readonly metric: string;
      readonly difference: number | null;
      readonly low: number | null;
      readonly high: number | null;
      readonly word: string;
    }[];
  }[];
  readonly gates: readonly { readonly id: string; readonly fired: boolean }[];
  readonly population: { readonly warm_users: number; readonly eval_positives: number };
  readonly slice: { readonly positives: number } | null;
}

function reportOf({ code, out, err }: Outcome): Report {
  assert.equal(code, 0, err);
  return JSON.parse(out) as Report;
}

function mean(report: Report, arm: number, metric: string): number {
  return report.values[arm]?.find((one) => one.metric === metric)?.mean ?? NaN;
}

test('a personalised log: equal configs never differ, exposed negatives alone are far below, threads change nothing', async () => {
  const [uniform, again] = [config('uniform', { log: 'personalised' }), config('again', { log: 'personalised' })];
  const exposed = config('exposed', { log: 'personalised', negatives: shown });
  const before = readdirSync(directory).sort();
  const args = [uniform, again, exposed, '--seeds', '2', '--eval-where', 'random=1', '--format', 'json'];
  const one = await trial([...args, '--threads', '1']);
  const report = reportOf(one);
  assert.deepEqual(
    report.arms.map(({ name }) => name),
    ['uniform', 'again', 'exposed'],
  );
  for (const { metric, difference, low, high } of report.pairs[0]?.differences ?? [])
    assert.deepEqual([metric, difference, low, high], [metric, 0, 0, 0]);
  assert.ok(mean(report, 2, 'ndcg') < 0.7 * mean(report, 0, 'ndcg'), JSON.stringify(report.values));
  assert.ok(mean(report, 0, 'slice_recall') > 0.3, JSON.stringify(report.values));
  assert.ok((report.slice?.positives ?? 0) > 20, JSON.stringify(report.slice));
  for (const losses of report.arms[0]?.loss ?? [])
    assert.ok((losses.at(-1) ?? Infinity) < (losses[0] ?? 0), 'the loss falls');
  const more = await trial([...args, '--threads', '4']);
  // Not `equal`: its comparison of two long lines would take minutes.
  assert.ok(more.out === one.out, 'equal bytes with any number of threads');
  assert.deepEqual(readdirSync(directory).sort(), before, 'nothing is written');
});

test('a log that repeats popularity: the gate replaces the ranking; in-batch without log q loses the head', async () => {
  const batch = '{loss: sampled_softmax, in_batch: {batch_size: 64}}';
  const corrected = '{loss: sampled_softmax, logq: corpus, in_batch: {batch_size: 64}}';
  const own = config('in_batch', { log: 'popular', negatives: none, training: batch });
  const withLogQ = config('in_batch_logq', { log: 'popular', negatives: none, training: corrected });
  const outcome = await trial([own, withLogQ, '--seeds', '1', '--hide', 'exposed', '--format', 'json']);
  const report = reportOf(outcome);
  assert.equal(report.gates.find(({ id }) => id === 'popularity')?.fired, true, outcome.out);
  assert.ok(report.pairs.every(({ differences }) => differences.every(({ word }) => word === 'no_verdict')));
  assert.ok(mean(report, 0, 'head_share') < 0.5 * mean(report, 1, 'head_share'), outcome.out);
});

test('values of one key are compared, as text and as one page', async () => {
  const own = config('vary', { log: 'personalised' });
  const vary = ['--vary', 'negatives.per_positive=1,6', '--seeds', '1'];
  const text = await trial([own, ...vary]);
  assert.equal(text.code, 0, text.err);
  assert.match(text.out, /per_positive=6 minus per_positive=1/);
  const page = await trial([own, ...vary, '--format', 'html']);
  assert.match(page.out, /^<!doctype html>/i);
  const missing = await trial([own, '--vary', 'negatives..x=1,2']);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /--vary cannot set the key negatives\.\.x/);
});

test('refused by name', async () => {
  const first = config('first', { log: 'personalised' });
  const cases: readonly [TrialStage, RegExp][] = [
    [
      { log: 'personalised', unit: 'request', negatives: '{per_request: 5, mix: {global_random: 1}}' },
      /unit: positive/,
    ],
    [{ log: 'personalised', training: '{loss: pointwise}' }, /not pointwise/],
    [
      {
        log: 'personalised',
        negatives: '{per_positive: 5, exclude: {events: [click], within: all}, mix: {global_random: 1}}',
      },
      /exclude\.within: all/,
    ],
    [
      {
        log: 'personalised',
        negatives: '{per_positive: 5, mix: {popularity: {share: 1, count: click, as_of: 2026-11-09}}}',
      },
      /popularity counts as of 2026-11-09, after the end of window\.train/,
    ],
    [{ log: 'personalised', window: '{train: {from: 2026-11-01, to: 2026-11-08}}' }, /window\.eval/],
    [{ log: 'popular' }, /data\.impressions differs from that of first/],
    [{ log: 'personalised', training: '{loss: pairwise}' }, /training\.loss differs/],
    [{ log: 'personalised', events: '{click: click, other: click}' }, /events differs/],
  ];
  for (const [stage, expected] of cases) {
    const refused = config('refused', stage);
    const alone = /differs/.test(expected.source);
    const { code, err } = await trial([...(alone ? [first] : []), refused, '--seeds', '1']);
    assert.equal(code, 2, `${err} ${String(expected)}`);
    assert.match(err, expected);
  }
  const folder = join(directory, 'other');
  mkdirSync(folder);
  writeFileSync(join(folder, 'personalised.csv'), 'user,item,time,click\nu1,1,2026-11-01T10:00:00,1\n');
  writeFileSync(join(folder, 'personalised.items.csv'), 'item\n1\n');
  writeTrialConfig(folder, 'same', { log: 'personalised' });
  const elsewhere = await trial([first, join('other', 'same.ratio.yaml'), '--seeds', '1']);
  assert.equal(elsewhere.code, 2, elsewhere.err);
  assert.match(elsewhere.err, /data\.impressions is .*other.*personalised\.csv here, but /);
  const coarse = await trial([first, '--stage', 'coarse_ranking']);
  assert.match(coarse.err, /coarse_ranking/);
  assert.equal((await trial([first, '--seeds', '0'])).code, 2);
  assert.match((await trial([first, '--eval-where', 'nowhere=1', '--seeds', '1'])).err, /nowhere/);
  assert.match(
    (await trial([first, '--eval-where', 'random=true', '--seeds', '1'])).err,
    /No impression of window\.eval has random = true[^]*has these there, and perhaps more: 0, 1/,
  );
  const noted = `user,item,time,click,note\nu1,1,2026-11-01T10:00:00,1,\nu1,1,2026-11-09T10:00:00,1,${'long '.repeat(90)}\n`;
  writeFileSync(join(folder, 'personalised.csv'), noted);
  const long = await trial([join('other', 'same.ratio.yaml'), '--eval-where', 'note=long', '--seeds', '1']);
  assert.match(long.err, /perhaps more: (long ){7}long…$/m);
});

test('one user, users and items of eval that train has not, and no positives in eval give a table without verdicts', async () => {
  const rows = (lines: readonly string[]): string => ['user,item,time,click', ...lines, ''].join('\n');
  const day = (n: number): string => `2026-11-0${n}T10:00:00`;
  const train = ['u1,1', 'u1,2', 'u1,3', 'u1,4'].flatMap((pair, k) =>
    [1, 2, 3].map((n) => `${pair},${day(n)},${k % 2}`),
  );
  writeFileSync(join(directory, 'tiny.items.csv'), 'item\n1\n2\n3\n4\n5\n6\n');
  const window = '{train: {from: 2026-11-01, to: 2026-11-03}, eval: {from: 2026-11-04, to: 2026-11-04}}';
  const own = config('tiny', { log: 'tiny', window });
  const cases: readonly [readonly string[], number][] = [
    [[`u1,2,${day(4)},0`], 0],
    [[`u2,6,${day(4)},1`, `u1,6,${day(4)},1`], 0],
    [[`u1,3,${day(4)},1`, `u1,5,${day(4)},1`], 0],
  ];
  for (const [more, warm] of cases) {
    writeFileSync(join(directory, 'tiny.csv'), rows([...train, ...more]));
    const report = reportOf(await trial([own, '--seeds', '1', '--format', 'json']));
    assert.equal(report.population.warm_users, warm);
    assert.equal(report.gates.find(({ id }) => id === 'size')?.fired, true);
  }
  // Larger batches are trained as batches of 256, with the corrections of such batches.
  const training = '{loss: sampled_softmax, logq: corpus, in_batch: {batch_size: 256, mask_same_item: false}}';
  const batched = config('batched', { log: 'tiny', window, training });
  const report = reportOf(
    await trial([batched, '--vary', 'training.in_batch.batch_size=256,1024', '--seeds', '1', '--format', 'json']),
  );
  assert.deepEqual(report.arms[1]?.loss, report.arms[0]?.loss);
  // With a weight, in-batch negatives keep their part of the loss, so nothing is smaller than in the config.
  const weighted = config('weighted', {
    log: 'tiny',
    window,
    training: '{loss: sampled_softmax, logq: shares, in_batch: {batch_size: 1024, weight: 0.3}}',
  });
  const weights = await trial([weighted, '--vary', 'training.in_batch.weight=0.3,0.9', '--seeds', '1']);
  assert.match(weights.out + weights.err, /batches of 1,?024 are trained as batches of 256(?!, so)/);
  const sized = config('sized', {
    log: 'tiny',
    window,
    training: '{loss: sampled_softmax, logq: shares, in_batch: {batch_size: 1024}}',
  });
  const unweighted = await trial([sized, '--vary', 'seed=1,2', '--seeds', '1']);
  assert.match(unweighted.out + unweighted.err, /256, so in-batch negatives have a smaller part of the loss/);
  // What the entries could not draw is the shortfall, unless another entry drew it.
  const mix = 'on_shortfall: refill, refill_from: global_random, mix: {exposed_unclicked: 0.75, global_random: 0.25}';
  const short = config('short', { log: 'tiny', window, negatives: `{per_positive: 4, ${mix}}` });
  const [kept, full] = reportOf(
    await trial([short, '--vary', 'negatives.on_shortfall=keep,refill', '--seeds', '1', '--format', 'json']),
  ).arms.map(({ runs }) => runs[0] ?? assert.fail());
  assert.ok(kept && kept.shortfall > 0 && kept.rows + kept.shortfall === 4 * kept.groups, JSON.stringify(kept));
  assert.ok(full?.shortfall === 0 && full.rows === 4 * full.groups, JSON.stringify(full));
  const some = config('some', { log: 'tiny', window, negatives: '{per_positive: 4, mix: {global_random: 1}}' });
  // Uniform draws have one log q, so its correction changes nothing but the last bits.
  const logq = reportOf(
    await trial([some, '--vary', 'training.logq=false,shares', '--seeds', '1', '--format', 'json']),
  );
  logq.arms[1]?.loss[0]?.forEach((loss, epoch) => {
    assert.ok(Math.abs(loss - (logq.arms[0]?.loss[0]?.[epoch] ?? NaN)) < 1e-5, `epoch ${epoch + 1}: ${loss}`);
  });
  // Every seed of the trial begins with the seed of the first config.
  const seeds = await trial([batched, '--vary', 'seed=1,2,1', '--seeds', '1', '--format', 'json']);
  assert.match(seeds.err, /The seeds of the configs differ/);
  // Reports of earlier trials on the same clicks are counted, whatever else was in them.
  writeFileSync(join(directory, 'seeds.json'), seeds.out);
  const again = [batched, '--seeds', '1', '--format', 'json', '--earlier', 'seeds.json'];
  const late = reportOf(await trial([...again, '--vary', 'seed=2,3']));
  assert.deepEqual([late.earlier_configs, late.level], [1, 0.975]);
  const other = await trial([batched, '--seeds', '1', '--earlier', 'tiny.csv']);
  assert.equal(other.code, 2);
  assert.match(other.err, /tiny\.csv: This is not the JSON report of a trial/);
  assert.match((await trial([batched, '--earlier', 'none.json'])).err, /none\.json: The report of an earlier trial/);
  assert.deepEqual(
    reportOf(seeds).arms.map(({ name }) => name),
    ['seed=1', 'seed=2', 'seed=1 (2)'],
  );
});

test('the demo fires exactly the gates that it should: a few clicks of new users on new items', async () => {
  const { code, err } = await recsample(
    ['demo', 'demo', '--scale', 'tiny'],
    {},
    { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
  );
  assert.equal(code, 0, err);
  const recall = join('demo', 'configs', 'recall.ratio.yaml');
  const report = reportOf(
    await trial([recall, '--vary', 'training.in_batch.weight=0.3,0.9', '--seeds', '1', '--format', 'json']),
  );
  assert.deepEqual(
    report.gates.filter(({ fired }) => fired).map(({ id }) => id),
    ['popularity', 'size', 'visibility', 'reach'],
  );
  assert.ok(report.pairs.every(({ differences }) => differences.every(({ word }) => word === 'no_verdict')));
});

test('a trial can be cancelled while it trains', async () => {
  const own = config('cancelled', { log: 'personalised' });
  const abort = new AbortController();
  const { code, out } = await trial([own, '--seeds', '5'], abort.signal, (text) => {
    if (/runs/.test(text)) abort.abort();
  });
  assert.equal(code, 130);
  assert.equal(out, '');
});
