import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Stage } from '../../src/core/schema/stage.ts';
import { readConfig } from '../../src/core/config/read.ts';
import { coarseExample } from '../../src/core/policy/examples/coarse.ts';
import { changed } from '../../src/core/policy/examples/example.ts';
import { fineExample } from '../../src/core/policy/examples/fine.ts';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import { render } from '../../src/core/message/message.ts';
import { compareTexts } from '../../src/core/sampling/compareTexts.ts';
import { planStage, type PlanOverrides } from '../../src/core/sampling/plan/planStage.ts';

const day = 86_400_000_000;
const planned = (text: string, stage: Stage, overrides: PlanOverrides = {}) => {
  const { plan, problems } = planStage(readConfig(text, { language: 'yaml' }).config, stage, overrides);
  return { plan, said: problems.map(({ message, path }) => `${path?.join('.') ?? ''}: ${render(message)}`) };
};
const recall = (...changes: Parameters<typeof changed> extends [unknown, ...infer C] ? C : never) =>
  planned(changed('recall', ...changes), 'recall');

describe('the plan of the demo’s recall stage', () => {
  const { plan, said } = planned(recallExample, 'recall');

  test('nothing is left out', () => {
    assert.deepEqual(said, []);
  });
  test('groups: events by weight, downsampling, window and seed', () => {
    assert.deepEqual(
      [plan?.unit, plan?.seed, plan?.epoch, plan?.timezone, plan?.split],
      ['positive', 'demo', 0, 'UTC', 'train'],
    );
    assert.deepEqual(plan?.positives, {
      events: [
        { name: 'long_play', weight: 2 },
        { name: 'click', weight: 1 },
      ],
      unknown: [
        { event: 'long_play', name: 'long_play?' },
        { event: 'click', name: 'click?' },
      ],
      hotThreshold: 0.001,
      maxPerUserPerDay: 50,
      hasKeepProbability: true,
    });
    assert.deepEqual(plan.window, {
      train: { from: '2026-11-01', to: '2026-11-20' },
      eval: { from: '2026-11-21', to: '2026-11-21' },
      knownUntil: null,
    });
    assert.deepEqual(plan.inBatch, { batchSize: 1024, maskSameItem: true, weight: 0.3 });
    assert.deepEqual(plan.amounts, { kind: 'shares', perGroup: 10 });
  });
  test('entries in the order of their names, shorthands and defaults written out', () => {
    const exclude = { events: ['click', 'click?'], within: 'train', lookback: null };
    const pool = { kind: 'pool', items: 'corpus', where: null, weight: null, partition: null };
    assert.deepEqual(plan?.entries, [
      {
        name: 'exposed_unclicked',
        source: 'exposed_unclicked',
        amount: 0.3,
        exclude,
        draws: {
          kind: 'list',
          rows: {
            of: 'exposures',
            scope: 'request_then_user',
            seen: 'viewed',
            matureAfter: 1_800_000_000,
            before: true,
          },
          byChannel: false,
        },
      },
      { name: 'global_random', source: 'global_random', amount: 0.2, exclude, draws: pool },
      {
        name: 'host_refused',
        source: 'rejected',
        amount: 0.05,
        exclude: null,
        draws: { kind: 'list', rows: { of: 'rejections', before: null }, byChannel: false },
      },
      {
        name: 'popularity',
        source: 'popularity',
        amount: 0.4,
        exclude,
        draws: {
          ...pool,
          weight: { count: { of: 'click', window: 7 * day, asOf: null }, smoothing: 0, exponent: 0.75 },
          partition: { by: 'user', attribute: 'region' },
        },
      },
      {
        name: 'same_city',
        source: 'same_attribute',
        amount: 0.05,
        exclude,
        draws: { ...pool, partition: { by: 'positive', attributes: ['city'] } },
      },
    ]);
  });
  test('as_of: cut and a list of one attribute are the plan of older configs', () => {
    assert.deepEqual(recall(['window: 7d', 'window: 7d, as_of: cut']).plan, plan);
    assert.deepEqual(recall(['group_by: region', 'group_by: [region]']).plan, plan);
    const { plan: moved } = recall(
      ['window: 7d', 'window: 7d, as_of: day'],
      ['group_by: region', 'group_by: [region, activity]'],
    );
    const { draws } = moved?.entries.find(({ name }) => name === 'popularity') ?? {};
    assert.ok(draws?.kind === 'pool');
    assert.deepEqual(draws.weight?.count, { of: 'click', window: 7 * day, asOf: 'day' });
    assert.deepEqual(draws.partition, { by: 'user', groupBy: ['region', 'activity'] });
  });
  test('as_of: day with a window of hours is left out', () => {
    assert.deepEqual(recall(['window: 7d', 'window: 36h, as_of: day']).said, [
      'stages.recall.negatives.mix.popularity: popularity is left out: with as_of: day, the window must be a number of whole days',
    ]);
  });
  test('seed, epoch and split of the caller override those of the config', () => {
    const other = planned(recallExample, 'recall', { seed: 'b', epoch: 3, split: 'eval' }).plan;
    // Evaluation keeps its natural distribution.
    const natural = { ...plan?.positives, hotThreshold: null, maxPerUserPerDay: null };
    // log_q_batch counts the positives that the trainer puts into batches, in both splits.
    const trainPositives = { hotThreshold: 1e-3, maxPerUserPerDay: 50 };
    assert.deepEqual(
      { ...other, seed: 'demo', epoch: 0, split: 'train' },
      { ...plan, positives: natural, trainPositives },
    );
    assert.deepEqual([plan?.logq, plan?.trainPositives], ['shares', undefined]);
    assert.deepEqual([other?.seed, other?.epoch, other?.split], ['b', 3, 'eval']);
    const resample = ['to: 2026-11-21}', 'to: 2026-11-21, resample: true}'] as const;
    const { plan: resampled } = planned(changed('recall', resample), 'recall', { split: 'eval' });
    assert.deepEqual(resampled?.positives, plan?.positives);
  });
});

test('the plan of the demo’s coarse stage: counts, candidates by stage, channels in turn', () => {
  const { plan, said } = planned(coarseExample, 'coarse_ranking');
  assert.deepEqual(said, []);
  assert.equal(plan?.unit, 'request');
  assert.deepEqual(plan.amounts, { kind: 'counts' });
  assert.deepEqual(
    plan.entries.map(({ name, amount, draws }) => [
      name,
      amount,
      draws.kind === 'list' ? [draws.rows, draws.byChannel] : null,
    ]),
    [
      ['coarse_filtered', 40, [{ of: 'candidates', keep: { by: 'reached', reached: 'coarse' } }, true]],
      [
        'exposed_unclicked',
        10,
        [{ of: 'exposures', scope: 'request', seen: 'all', matureAfter: null, before: false }, false],
      ],
      ['ranked_unexposed', 10, [{ of: 'candidates', keep: { by: 'reached', reached: 'fine' } }, false]],
    ],
  );
});

test('the plan of the demo’s fine stage: exposures, nothing drawn', () => {
  const { plan, said } = planned(fineExample, 'fine_ranking');
  assert.deepEqual(said, []);
  assert.deepEqual([plan?.entries, plan?.amounts], [[], { kind: 'none' }]);
  assert.deepEqual(plan?.exposures, {
    entry: 'exposed_unclicked',
    seen: 'viewed',
    matureAfter: 1_800_000_000,
    downsample: 0.1,
    calibration: 'weight',
  });
});

describe('invalid parts are left out and reported', () => {
  const unsound: readonly (readonly [
    what: string,
    change: readonly [string, string],
    entries: number,
    said: string,
  ])[] = [
    [
      'an entry whose source nobody knows',
      ['same_city: {source: same_attribute', 'same_city: {source: same_atribute'],
      4,
      'stages.recall.negatives.mix.same_city: same_city is left out: neither its name nor the value of its key source is a known source',
    ],
    [
      'a reserved name',
      ['same_city:', '"@same":'],
      4,
      'stages.recall.negatives.mix.@same: @same is left out: names that begin with @ are reserved',
    ],
    [
      'an entry without amount',
      ['share: 0.05, exclude', 'exclude'],
      4,
      'stages.recall.negatives.mix.host_refused: host_refused is left out: it has no share or count',
    ],
    [
      'an event that is not declared',
      ['count: click', 'count: like'],
      4,
      'stages.recall.negatives.mix.popularity: popularity is left out: there is no event like under events',
    ],
    [
      'same_attribute without attributes',
      ['match: [city], ', ''],
      4,
      'stages.recall.negatives.mix.same_city: same_city is left out: it does not say which attributes must match',
    ],
    [
      'an excluded event that is not declared',
      ['exclude: {events: [click]', 'exclude: {events: [like, click]'],
      5,
      'stages.recall.negatives.exclude: There is no event like under events',
    ],
    [
      'a positive event that is not declared',
      ['events: {click: 1, long_play: 2}', 'events: {click: 1, like: 2}'],
      5,
      'stages.recall.positives.events.like: There is no event like under events',
    ],
    [
      'shares that do not sum to 1',
      ['global_random: 0.2', 'global_random: 0.3'],
      5,
      'stages.recall.negatives.mix: The shares sum to 1.1, not 1, and are used unchanged',
    ],
    ['a missing seed', ['seed: demo\n', ''], 5, ': There is no seed: 0 is used'],
    [
      'a refill from an unknown entry',
      ['      refill_from: global_random\n', '      refill_from: hot\n'],
      5,
      'stages.recall.negatives.refill_from: There is no entry hot to refill from',
    ],
    [
      'a refill without refill_from',
      ['      refill_from: global_random\n', ''],
      5,
      'stages.recall.negatives: refill_from does not name an entry, so shortfalls are not refilled',
    ],
    [
      'no number of negatives',
      ['      per_positive: 10\n', ''],
      0,
      'stages.recall.negatives: The number of negatives is missing. The unit positive needs the key per_positive',
    ],
  ];
  for (const [what, change, entries, sentence] of unsound) {
    test(what, () => {
      const { plan, said } = recall(change);
      assert.deepEqual(said, [sentence]);
      assert.equal(plan?.entries.length, entries);
    });
  }

  test('same_attribute is left out in the unit request, which has no single positive', () => {
    const { plan, said } = planned(
      changed('coarse_ranking', ['ranked_unexposed: 10', 'same_attribute: {count: 10, match: [city]}']),
      'coarse_ranking',
    );
    assert.deepEqual(said, [
      'stages.coarse_ranking.negatives.per_request.same_attribute: same_attribute is left out: it matches the positive, but a request has no single positive',
    ]);
    assert.equal(plan?.entries.length, 2);
  });
  test('a source that draws is left out in the unit impression', () => {
    assert.deepEqual(
      planned(changed('fine_ranking', ['mix:\n', 'mix:\n        global_random: 0.1\n']), 'fine_ranking').said,
      [
        'stages.fine_ranking.negatives.mix.global_random: global_random is left out: nothing is drawn if the unit is impression',
      ],
    );
  });
  test('without unit, events, stage or window there is nothing to plan', () => {
    const none: readonly (readonly [ReturnType<typeof planned>, string])[] = [
      [recall(['unit: positive', 'unit:']), 'stages.recall: There is no unit: it defines one group of rows'],
      [
        recall(['events: {click: 1, long_play: 2}', 'events: {like: 1}']),
        'stages.recall.positives: No event is a positive',
      ],
      [planned(recallExample, 'fine_ranking'), ': The config has no stage fine_ranking'],
      [
        planned(changed('recall', ['  eval: {from: 2026-11-21, to: 2026-11-21}\n', '']), 'recall', { split: 'eval' }),
        'window: There is no window.eval',
      ],
      [planned('', 'recall'), ': The config has no stage recall'],
    ];
    for (const [{ plan, said }, sentence] of none) {
      assert.equal(plan, null);
      assert.equal(said.at(-1), sentence);
    }
  });
  test('a missing window that the split needs is reported with advice', () => {
    const { config } = readConfig(changed('recall', ['  eval: {from: 2026-11-21, to: 2026-11-21}\n', '']), {
      language: 'yaml',
    });
    assert.equal(
      planStage(config, 'recall').problems.some(({ advice }) => advice),
      false,
    );
    const advice = planStage(config, 'recall', { split: 'eval' }).problems.at(-1)?.advice;
    assert.equal(advice && render(advice), 'Write window: {train: …, eval: {from: …, to: …}}.');
  });
});

test('refill refers to an entry by its index', () => {
  const { plan } = recall([
    '      per_positive: 10\n',
    '      per_positive: 10\n      on_shortfall: refill\n      refill_from: global_random\n',
  ]);
  assert.deepEqual([plan?.onShortfall, plan?.refillFrom], ['refill', 1]);
});

test('texts are ordered by their UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      assert.equal(Math.sign(compareTexts(a, b)), Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
  assert.ok(compareTexts('\uffee', '𝄞') < 0);
});
