import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { folder } from '../engine/fixture.ts';
import type { ActionLog } from './actionLog.ts';
import { Dice } from './dice.ts';
import {
  checkColumns,
  checkExclusion,
  checkExposures,
  checkPositives,
  checkRejections,
  checkRequests,
  logSample,
  type LogSample,
} from './logChecks.ts';
import { checkBatchShares, checkPools, groupsWithoutRecent } from './logPools.ts';
import { effectiveShares } from './logShares.ts';
import { outcomesOf, type Split } from './logOutcomes.ts';
import { batchSize, logConfig, units, type Unit } from './logStages.ts';
import { newsLog } from './newsLog.ts';
import { ratingLog } from './ratingLog.ts';
import { lintLog, sampleLog, type Lock } from './sampledLog.ts';
import type { StageDraft } from './world.ts';
import { WorldFiles, type Format } from './worldFiles.ts';

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

const logs: readonly (readonly [ActionLog, Format])[] = [
  [newsLog({ name: 'news', users: 40, items: 2200, days: 6 }), 'csv'],
  [ratingLog('films', 25, 900), 'parquet'],
  [newsLog({ name: 'one-day', users: 40, items: 400, days: 1 }), 'jsonl'],
];

/** Counts and effective shares of the lock file equal those of the rows. */
function checkLock(sample: LogSample, { counts, entries }: Lock, withoutExposure: number): void {
  const negatives = sample.rows.filter(({ label }) => label === 0);
  assert.equal(counts['groups'], sample.groups.size);
  assert.equal(counts['positives'], sample.rows.length - negatives.length);
  assert.equal(counts['negatives'], negatives.length);
  assert.equal(counts['without_exposure'] ?? 0, withoutExposure);
  if (sample.unit === 'impression') return;
  const shares = effectiveShares(sample, sample.unit === 'positive' ? batchSize : null);
  for (const { name, drawn, effective_share: share } of entries) {
    assert.equal(negatives.filter(({ entry }) => entry === name).length, drawn, name);
    assert.ok(Math.abs((share ?? NaN) - (shares.get(name) ?? 0)) < 1e-6, `${name}: ${share} and ${shares.get(name)}`);
  }
}

/** Draws a split as users do. */
async function sampled(log: ActionLog, unit: Unit, split: Split, directory: string): Promise<[LogSample, Lock]> {
  const { rows, lock } = await sampleLog(`${unit}.ratio.json`, directory, split);
  return [logSample(log, unit, split, rows), lock];
}

/** A check that nothing reached proves nothing. */
const atLeast = (count: number, least: number, what: string): void => {
  assert.ok(count >= least, `${what}: ${count}, at least ${least} expected`);
};

for (const [log, format] of logs) {
  const directory = join(folder, log.name);
  const hasRequests = log.shown.some(({ request }) => request !== '');
  const write = (unit: Unit, name: string, draft?: StageDraft): string => {
    files.writeConfig({ config: logConfig(log, unit, draft), tables: log.tables }, directory, format, name);
    return name;
  };
  suite(log.name, () => {
    before(async () => {
      await files.writeTables(log.tables, directory, format, new Dice(`${log.name} files`));
      for (const unit of units) await lintLog(write(unit, `${unit}.ratio.json`), directory);
    });

    for (const split of ['train', 'eval'] as const) {
      test(`unit positive, ${split}: every source, counted independently`, async () => {
        const [sample, lock] = await sampled(log, 'positive', split, directory);
        atLeast(checkPositives(sample), 50, 'positives');
        const { own, none } = checkExposures(sample);
        atLeast(Math.min(own, none), 200, 'negatives with and without an own exposure');
        const requests = checkRequests(sample);
        // Requests have 18 and more exposures without an event, three ratings of a second have few.
        if (hasRequests) assert.equal(requests.own, requests.drawn);
        else assert.ok(requests.own > 50 && requests.own < requests.drawn / 2, JSON.stringify(requests));
        atLeast(checkColumns(sample), sample.rows.length / 2, 'as-of values');
        atLeast(sample.outcomes.alone.length, 20, 'visits without an impression');
        checkExclusion(sample);
        atLeast(checkRejections(sample), 10, 'rejections');
        checkLock(sample, lock, none);

        const pools = checkPools(sample);
        const empty = groupsWithoutRecent(sample);
        const recent = lock.entries.find(({ name }) => name === 'recent') ?? assert.fail();
        if (log.name === 'one-day') assert.deepEqual([empty, recent.drawn], [sample.groups.size, 0]);
        else {
          assert.equal(empty > 0, split === 'train', 'the first day has no days before it');
          assert.ok(recent.short_groups <= empty, `${recent.short_groups} of ${empty}`);
          atLeast(pools.get('recent') ?? 0, 20, 'recent');
        }
        for (const entry of ['popularity', 'by_region', 'exposed_random', 'global_random', 'same_category'])
          atLeast(pools.get(entry) ?? 0, 20, entry);
        const shared = checkBatchShares(sample);
        assert.ok(shared > 0 && shared < sample.rows.length, `${shared} of ${sample.rows.length}`);
      });

      test(`unit request, ${split}: every source, counted independently`, async () => {
        const [sample, lock] = await sampled(log, 'request', split, directory);
        atLeast(checkPositives(sample), 50, 'positives');
        const { own, none } = checkExposures(sample);
        const requests = checkRequests(sample);
        assert.deepEqual([requests.drawn, requests.own], [own, own]);
        atLeast(Math.min(own, none), 100, 'negatives with and without an own exposure');
        atLeast(checkColumns(sample), sample.rows.length / 2, 'as-of values');
        checkExclusion(sample);
        atLeast(checkRejections(sample), 10, 'rejections');
        checkLock(sample, lock, none);
        const pools = checkPools(sample);
        for (const entry of ['popularity', 'exposed_random', 'global_random'])
          atLeast(pools.get(entry) ?? 0, 20, entry);
      });

      test(`unit impression, ${split}: every exposure with its label and its own columns`, async () => {
        const [sample, lock] = await sampled(log, 'impression', split, directory);
        atLeast(checkPositives(sample), 50, 'positives');
        assert.equal(checkExposures(sample).none, 0);
        const known = checkColumns(sample);
        atLeast(known, sample.rows.length / 2, 'as-of values');
        atLeast(sample.rows.length - known, 10, 'first exposures of an item, which have no value before them');
        checkLock(sample, lock, 0);
      });
    }

    if (log.name === 'news')
      test('the heaviest user has more exposures than a list may hold, so any_exposure draws from a pool', () => {
        const { shown, chosen } = outcomesOf(log, 'train');
        const items = shown.flatMap(({ row, user, item }) => (user === 'U100' && !chosen.has(row) ? [item] : []));
        atLeast(new Set(items).size, 1025, 'distinct exposures');
      });

    test('with logq: shares, lists and pools weigh in the loss what the mix says; with corpus, lists vanish', async () => {
      const mix = { exposed_unclicked: 0.4, popularity: 0.3, global_random: 0.3 };
      const of = async (logq: string): Promise<ReadonlyMap<string, number>> => {
        const name = write('positive', `${logq}.ratio.json`, {
          unit: 'positive',
          positives: { events: { click: 1 } },
          negatives: { per_positive: 10, mix },
          training: { loss: 'sampled_softmax', logq },
        });
        const { rows } = await sampleLog(name, directory, 'train');
        return effectiveShares(logSample(log, 'positive', 'train', rows), null);
      };
      const [shares, corpus] = [await of('shares'), await of('corpus')];
      const part = (of: ReadonlyMap<string, number>, ...entries: string[]): number =>
        entries.reduce((sum, entry) => sum + (of.get(entry) ?? 0), 0);
      // Exposures share few items with the pools. The two pools share theirs, so only their sum is that of the mix.
      assert.ok(Math.abs(part(shares, 'exposed_unclicked') - 0.4) < 0.01, JSON.stringify([...shares]));
      assert.ok(Math.abs(part(shares, 'popularity', 'global_random') - 0.6) < 0.01, JSON.stringify([...shares]));
      assert.ok(part(corpus, 'exposed_unclicked') < 0.25, JSON.stringify([...corpus]));
    });
  });
}
