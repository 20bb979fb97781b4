import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { auc, type ByUser } from '../../src/core/trial/evaluation.ts';
import { groupOrder, initialVectors, trialSalts } from '../../src/core/trial/keyedProbe.ts';
import { probe, type TrialGroups, type TrialLoss } from '../../src/core/trial/probe.ts';
import { usersWithin } from '../../src/engine/trial/chosenUsers.ts';
import { memoryFailure } from '../../src/engine/trial/memoryFailure.ts';
import { ProbeModel } from '../../src/engine/trial/probeModel.ts';
import { probeRun, type ProbeJob } from '../../src/engine/trial/probeRun.ts';
import { ThreadProbeRunner } from '../../src/engine/trial/probeRunner.ts';
import { hung } from '../workbench/harness/deadlines.ts';
import { dot, groupLoss, ProbeTwin } from './probeTwin.ts';

const [USERS, ITEMS] = [7, 23];

function wordsOf(count: number, generator: BulkGenerator): Uint32Array {
  return Uint32Array.from({ length: 2 * count }, () => generator.word());
}

/** Groups of 1 to 8 candidates. A negative may come twice. */
function randomGroups(generator: BulkGenerator, count: number, corrected: boolean, weighted: boolean): TrialGroups {
  const sizes = Array.from({ length: count }, () => 1 + generator.integerBelow(8));
  const offsets = new Uint32Array(count + 1);
  sizes.forEach((size, k) => {
    offsets[k + 1] = (offsets[k] ?? 0) + size;
  });
  const rows = offsets[count] ?? 0;
  const logs = (length: number): Float32Array => Float32Array.from({ length }, () => -4 * generator.unit());
  return {
    count,
    users: Uint32Array.from({ length: count }, () => generator.integerBelow(USERS)),
    words: wordsOf(count, generator),
    offsets,
    candidates: Uint32Array.from({ length: rows }, () => generator.integerBelow(ITEMS)),
    corrections: corrected ? logs(rows) : null,
    batchCorrections: corrected ? logs(count) : null,
    weights: weighted ? Float32Array.from({ length: count }, () => 0.5 + generator.unit()) : null,
  };
}

test('the gradients are those of the loss, by finite differences', () => {
  const generator = new BulkGenerator('finite differences');
  for (const loss of ['sampled_softmax', 'pairwise'] as const) {
    for (let round = 0; round < 20; round++) {
      const scores = Array.from({ length: 2 + generator.integerBelow(6) }, () => 4 * generator.unit() - 2);
      const { gradients } = groupLoss(loss, scores);
      scores.forEach((_, k) => {
        const at = (step: number): number =>
          groupLoss(
            loss,
            scores.map((score, j) => (j === k ? score + step : score)),
          ).loss;
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert.ok(Math.abs(slope - (gradients[k] ?? NaN)) < 1e-7, `${loss}: ${slope} and ${gradients[k]}`);
      });
    }
  }
});

test('the kernel trains like the plain twin: losses, weights, corrections, batches', () => {
  const generator = new BulkGenerator('twin');
  const inBatches = [null, { size: 4, maskSameItem: true }, { size: 5, maskSameItem: false }];
  for (const loss of ['sampled_softmax', 'pairwise'] as const satisfies readonly TrialLoss[]) {
    for (const inBatch of inBatches) {
      for (const corrected of [false, true]) {
        const groups = randomGroups(generator, 60, corrected, corrected);
        const [users, items] = [wordsOf(USERS, generator), wordsOf(ITEMS, generator)];
        const seed = 'a seed/trial/0';
        const model = new ProbeModel(groups, { seed, loss, inBatch }, users, items);
        const vectors = (words: Uint32Array, use: 'users' | 'items'): Float32Array => {
          const out = new Float32Array((words.length / 2) * probe.dimensions);
          initialVectors(words, trialSalts(seed, use), out);
          return out;
        };
        const twin = new ProbeTwin(vectors(users, 'users'), vectors(items, 'items'), groups, loss, inBatch);
        for (let epoch = 1; epoch <= 3; epoch++) {
          model.startEpoch(epoch);
          const own = model.train(0, 20) + model.train(20, 60);
          const expected = twin.epoch(groupOrder(groups.words, trialSalts(seed, `epoch ${epoch}`)));
          assert.ok(Math.abs(own - expected) < 1e-3 * expected, `loss ${own}, twin ${expected}`);
        }
        for (let item = 0; item < ITEMS; item++)
          model.vector('items', item).forEach((value, d) => {
            const expected = twin.items[item * probe.dimensions + d] ?? NaN;
            assert.ok(Math.abs(value - expected) < 1e-4, `item ${item}: ${value}, twin ${expected}`);
          });
        for (let user = 0; user < USERS; user++)
          model.vector('users', user).forEach((value, d) => {
            const expected = twin.users[user * probe.dimensions + d] ?? NaN;
            assert.ok(Math.abs(value - expected) < 1e-4, `user ${user}: ${value}, twin ${expected}`);
          });
      }
    }
  }
});

test('the kernel ranks all items: hidden ones are left out, the best positive has its rank', () => {
  const generator = new BulkGenerator('ranking');
  const [users, items] = [wordsOf(USERS, generator), wordsOf(ITEMS, generator)];
  const groups = randomGroups(generator, 10, false, false);
  const model = new ProbeModel(groups, { seed: 's', loss: 'sampled_softmax', inBatch: null }, users, items);
  model.startEpoch(1);
  model.train(0, 10);
  const ranked = Uint32Array.from({ length: ITEMS }, (_, k) => k).filter((item) => item !== 3);
  const ranking = model.ranking(ranked, 6);
  const hidden = [[1], [], [0, 5, 20]].map((places) => Uint32Array.from(places));
  const wanted = [[4, 7], [0], [2, 3, 19]].map((places) => Uint32Array.from(places));
  const none = new Uint32Array(0);
  const found = ranking.rank(
    [2, 5, 6].map((user, k) => ({
      user,
      hidden: hidden[k] ?? none,
      wanted: wanted[k] ?? none,
      each: wanted[k] ?? none,
    })),
  );
  assert.equal(found.length, 3);
  found.forEach(({ places, rank, ranks }, k) => {
    const p = model.vector('users', [2, 5, 6][k] ?? 0);
    const score = (place: number): number => dot(p, model.vector('items', ranked[place] ?? 0));
    const all = Array.from(ranked, (_, place) => place)
      .filter((place) => hidden[k]?.includes(place) !== true)
      .sort((a, b) => score(b) - score(a));
    assert.deepEqual([...places], all.slice(0, 6));
    assert.equal(
      rank,
      all.findIndex((place) => wanted[k]?.includes(place)),
    );
    assert.deepEqual(
      ranks,
      Array.from(wanted[k] ?? [], (place) => all.indexOf(place)),
    );
  });
});

test('ranks below a limit are those of the whole ranking, also for equal scores and many users', () => {
  const generator = new BulkGenerator('ranks below');
  const [count, most] = [5000, 20];
  const users = wordsOf(USERS, generator);
  // Four items each have the same vector.
  const distinct = wordsOf(count / 4, generator);
  const items = Uint32Array.from({ length: 2 * count }, (_, k) => distinct[k % distinct.length] ?? 0);
  const settings = { seed: 's', loss: 'sampled_softmax', inBatch: null } as const;
  const model = new ProbeModel(randomGroups(generator, 10, false, false), settings, users, items);
  const ranking = model.ranking(
    Uint32Array.from({ length: count }, (_, k) => k),
    most,
  );
  const placesOf = (length: number): Uint32Array =>
    Uint32Array.from(new Set(Array.from({ length }, () => generator.integerBelow(count)))).sort();
  const asked = Array.from({ length: 61 }, (_, k) => ({
    user: k % USERS,
    hidden: placesOf(k),
    wanted: new Uint32Array(0),
    each: new Uint32Array(0),
  }));
  const lists = ranking.rank(asked).map(({ places }) => places);
  const wanted = asked.map((one, k) => {
    const listed = [...(lists[k] ?? [])].filter((_, rank) => generator.integerBelow(3) === 0 || rank === k % most);
    const others = [...placesOf(3)].filter((place) => !one.hidden.includes(place) && !listed.includes(place));
    const places = Uint32Array.from([...others, ...listed]);
    return { ...one, wanted: places, each: places };
  });
  const expected = wanted.map((one, k) =>
    [...(lists[k] ?? [])].flatMap((place, rank) => (one.wanted.includes(place) ? [rank] : [])),
  );
  assert.deepEqual(ranking.ranksBelow(wanted, most), expected);
  const best = ranking.rank(wanted);
  best.forEach(({ rank, ranks }, k) => {
    assert.equal(rank, Math.min(...ranks));
    assert.deepEqual(
      ranks.filter((one) => one < most).sort((a, b) => a - b),
      expected[k],
    );
  });
});

test('the area under the curve counts pairs, half for equal scores', () => {
  const of = (scores: readonly number[], positive: readonly number[]): number =>
    auc(Float64Array.from(scores), Uint8Array.from(positive));
  assert.equal(of([1, 2, 3], [0, 0, 1]), 1);
  assert.equal(of([1, 2, 2, 0], [0, 1, 0, 1]), (1 + 0.5) / 4);
  assert.equal(of([5, 5, 5], [1, 0, 0]), 0.5);
  assert.ok(Number.isNaN(of([1, 2], [1, 1])));
  assert.ok(Number.isNaN(of([], [])));
  // It must end, and say nothing.
  assert.ok(Number.isNaN(of([NaN, 1, 2], [0, 1, 0])));
});

/** A run of one epoch. Items 0 to 11 are ranked, and 0 to 5 have clicks in train. */
function smallJob(): ProbeJob {
  const generator = new BulkGenerator('small job');
  const noNumbers = { offsets: new Uint32Array(2), numbers: new Uint32Array(0) };
  return {
    groups: {
      count: 2,
      users: Uint32Array.of(0, 1),
      words: wordsOf(2, generator),
      offsets: Uint32Array.of(0, 2, 4),
      candidates: Uint32Array.of(0, 7, 1, 20),
      corrections: null,
      batchCorrections: null,
      weights: null,
    },
    settings: { seed: 's', loss: 'sampled_softmax', inBatch: null },
    users: wordsOf(USERS, generator),
    items: wordsOf(ITEMS, generator),
    epochs: [1],
    measures: 'all',
    evaluation: {
      users: Uint32Array.of(0),
      ranked: Uint32Array.from({ length: 12 }, (_, k) => k),
      hidden: noNumbers,
      positives: { offsets: Uint32Array.of(0, 1), numbers: Uint32Array.of(3) },
      third: new Uint8Array(12),
      clicked: Uint8Array.from({ length: 12 }, (_, k) => (k < 6 ? 1 : 0)),
      exposures: null,
      slice: null,
    },
  };
}

test('exposures are scored with the vectors of their own user, and NDCG alone is that of all metrics', () => {
  const generator = new BulkGenerator('own exposures');
  const job = smallJob();
  // More users than are ranked together. Their numbers are not their order.
  const order = Array.from({ length: 70 }, (_, k) => 2 * k + 1);
  const byUser = (size: number, largest: number): ByUser => ({
    offsets: Uint32Array.from({ length: order.length + 1 }, (_, k) => k * size),
    numbers: Uint32Array.from({ length: order.length * size }, () => generator.integerBelow(largest)),
  });
  const exposures = {
    ...byUser(6, ITEMS),
    positive: Uint8Array.from({ length: 6 * order.length }, (_, k) => (k % 6 < 2 ? 1 : 0)),
  };
  const users = wordsOf(2 * order.length, generator);
  const hidden = { offsets: new Uint32Array(order.length + 1), numbers: new Uint32Array(0) };
  const evaluation = { ...job.evaluation, users: Uint32Array.from(order), hidden, positives: byUser(1, 12), exposures };
  const [all, ndcg] = (['all', 'ndcg'] as const).map((measures) => {
    const steps = probeRun({ ...job, users, evaluation, measures });
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return step.value;
  });
  const model = new ProbeModel(job.groups, job.settings, users, job.items);
  model.startEpoch(1);
  model.train(0, job.groups.count);
  const expected = order.map((user, k) => {
    const own = [...model.vector('users', user)];
    const scores = Array.from(exposures.numbers.subarray(6 * k, 6 * k + 6), (item) => {
      const vector = model.vector('items', item);
      return own.reduce((sum, value, d) => sum + value * (vector[d] ?? NaN), 0);
    });
    const wins = scores
      .slice(0, 2)
      .flatMap((one) => scores.slice(2).map((other) => (one > other ? 1 : one === other ? 0.5 : 0)));
    return wins.reduce((sum: number, win) => sum + win, 0) / wins.length;
  });
  const { gauc, ndcg: ofAll } = all?.metrics[0]?.byUser ?? {};
  assert.deepEqual([...(gauc ?? [])], expected);
  assert.deepEqual(ndcg?.ndcg, [ofAll]);
  assert.ok(new Set(expected).size > 3);
});

test('never-clicked items have no positive in train, never-trained ones are in no row of the run', () => {
  const steps = probeRun(smallJob());
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const { never_clicked, never_trained } = step.value.metrics[0]?.byUser ?? {};
  assert.deepEqual([...(never_clicked ?? [])], [6 / 12]);
  assert.deepEqual([...(never_trained ?? [])], [9 / 12]);
});

test('a loss that is not a number ends the run: its scores would all be ranked first', () => {
  const job = smallJob();
  for (const wrong of [NaN, Infinity, -Infinity]) {
    const groups = { ...job.groups, corrections: Float32Array.of(0, 0, wrong, 0) };
    const steps = probeRun({ ...job, groups });
    assert.throws(() => {
      while (steps.next().done !== true);
    }, /Epoch 1 of s: the loss is not a number/);
  }
});

test('a thread that ended fails its run and every later one', { timeout: hung }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'recsample-probe-'));
  const file = join(directory, 'broken.mjs');
  writeFileSync(file, "throw new Error('no memory');\n");
  const runner = new ThreadProbeRunner(file, undefined);
  try {
    for (let k = 0; k < 2; k++)
      await assert.rejects(
        runner.run(smallJob(), () => undefined),
        /no memory/,
      );
  } finally {
    await runner.close();
    rmSync(directory, { recursive: true });
  }
});

test('a thread that gets no memory says what to change', { timeout: hung }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'recsample-probe-'));
  const file = join(directory, 'full.mjs');
  writeFileSync(file, 'new WebAssembly.Memory({ initial: 1, maximum: 2 }).grow(9);\n');
  const runner = new ThreadProbeRunner(file, undefined);
  try {
    const error: unknown = await runner.run(smallJob(), () => undefined).catch((reason: unknown) => reason);
    const failure = memoryFailure(error)?.failure;
    assert.equal(failure?.code, 'out-of-memory', String(error));
    assert.equal(failure.advice?.text.startsWith('Use fewer threads'), true);
    assert.equal(memoryFailure(new RangeError('Index out of range')), null);
  } finally {
    await runner.close();
    rmSync(directory, { recursive: true });
  }
});

test('one user with more positives than the limit does not end the choice of users', () => {
  const users = [
    { user: 'a', count: 3 },
    { user: 'anonymous', count: 11 },
    { user: 'only eval', count: 0 },
    { user: 'b', count: 7 },
    { user: 'c', count: 1 },
  ];
  assert.deepEqual(usersWithin(users, 10), { users: ['a', 'only eval', 'b'], usedPositives: 10, usedUsers: 2 });
});
