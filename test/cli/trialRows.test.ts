import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hashWords } from '../../src/core/sampling/words.ts';
import type { TrialGroups } from '../../src/core/trial/probe.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { ProbeModel } from '../../src/engine/trial/probeModel.ts';
import { recsample } from './commandLine.ts';
import { personalised, writeLog, writeTrialConfig } from './trialWorld.ts';

const directory = mkdtempSync(join(tmpdir(), 'recsample-trial-rows-'));
after(() => rmSync(directory, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await recsample(
    args,
    {},
    { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
  );
  assert.equal(code, 0, err);
  return out;
}

/** The rows of a sample file as groups, with the two words of each user and item. */
function groupsIn(file: string): { groups: TrialGroups; users: Uint32Array; items: Uint32Array } {
  const [head = '', ...lines] = readFileSync(join(directory, file), 'utf8').trim().split('\n');
  const names = head.split(',');
  const users = new Map<string, number>();
  const items = new Map<string, number>();
  const numberIn = (ids: Map<string, number>, id: string): number => ids.get(id) ?? ids.set(id, ids.size).size - 1;
  const all: { user: number; id: bigint; candidates: number[]; corrections: number[] }[] = [];
  for (const line of lines) {
    const row = Object.fromEntries(line.split(',').map((cell, k) => [names[k] ?? '', cell]));
    const { user = '', item = '', label = '', group_id = '', logq_correction = '' } = row;
    // The positive is the first row of its group.
    if (label === '1')
      all.push({
        user: numberIn(users, user),
        id: BigInt.asUintN(64, BigInt(group_id)),
        candidates: [],
        corrections: [],
      });
    all.at(-1)?.candidates.push(numberIn(items, item));
    all.at(-1)?.corrections.push(Number(logq_correction));
  }
  const offsets = new Uint32Array(all.length + 1);
  all.forEach(({ candidates }, k) => {
    offsets[k + 1] = (offsets[k] ?? 0) + candidates.length;
  });
  const wordsOf = (ids: Map<string, number>): Uint32Array => Uint32Array.from([...ids.keys()].flatMap(hashWords));
  return {
    groups: {
      count: all.length,
      users: Uint32Array.from(all, ({ user }) => user),
      words: Uint32Array.from(all.flatMap(({ id }) => [Number(id >> 32n), Number(id & 0xffffffffn)])),
      offsets,
      candidates: Uint32Array.from(all.flatMap(({ candidates }) => candidates)),
      corrections: Float32Array.from(all.flatMap(({ corrections }) => corrections)),
      batchCorrections: null,
      weights: null,
    },
    users: wordsOf(users),
    items: wordsOf(items),
  };
}

test('the probe trains on the rows of the sample file: the same losses, bit for bit', async () => {
  writeLog(directory, 'log', personalised);
  const config = writeTrialConfig(directory, 'recall', {
    log: 'log',
    negatives:
      '{per_positive: 4, exclude: {events: [click], within: train}, mix: {popularity: 0.5, exposed_unclicked: 0.5}}',
    training: '{loss: sampled_softmax, logq: shares}\noutput: {group_id: true}',
  });
  const report = JSON.parse(await run('trial', config, '--seeds', '2', '--format', 'json')) as {
    readonly arms: readonly [
      {
        readonly loss: readonly number[][];
        readonly runs: readonly { readonly seed: string; readonly groups: number; readonly rows: number }[];
      },
    ];
  };
  const [{ loss, runs }] = report.arms;
  assert.deepEqual(
    runs.map((one) => one.seed),
    ['7/trial/0', '7/trial/1'],
  );
  for (const [k, { seed, groups: count, rows }] of runs.entries()) {
    await run('sample', config, '--seed', seed, '--out', `${k}.csv`);
    const { groups, users, items } = groupsIn(`${k}.csv`);
    assert.deepEqual([groups.count, groups.candidates.length - groups.count], [count, rows]);
    const model = new ProbeModel(groups, { seed, loss: 'sampled_softmax', inBatch: null }, users, items);
    const own = (loss[k] ?? []).map((_, epoch) => {
      model.startEpoch(epoch + 1);
      return model.train(0, groups.count) / groups.count;
    });
    assert.ok(own.length >= 2 && users.length / 2 === personalised.users, `${own.length} epochs`);
    assert.deepEqual(own, loss[k]);
  }
});
