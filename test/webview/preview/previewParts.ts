import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { byQuarterDecade, cumulative, decadesOf, placeOf, shareWithin } from '../../../webview/charts/popularity.ts';
import type { PairExplanation } from '../../../src/protocol/sampling.ts';
import { compareCommand } from '../../../webview/preview/command.ts';
import { PairQuestion } from '../../../webview/preview/pairQuestion.ts';
import { decimalsOf, rescaled } from '../../../webview/preview/shares.ts';
import { beginningState, readState } from '../../../webview/preview/state.ts';

test('shares keep their proportions and sum to the total to the last digit', () => {
  assert.deepEqual(rescaled([0.3, 0.4, 0.2, 0.1], 1, 0.5, 1, 2), [0.25, 0.5, 0.17, 0.08]);
  assert.deepEqual(rescaled([0.3, 0.4, 0.2, 0.1], 1, 0.4, 1, 2), [0.3, 0.4, 0.2, 0.1]);
  assert.deepEqual(rescaled([0, 1, 0], 1, 0.5, 1, 2), [0.25, 0.5, 0.25]);
  assert.deepEqual(rescaled([1 / 3, 1 / 3, 1 / 3], 0, 0, 1, 4), [0, 0.5, 0.5]);
  assert.deepEqual(rescaled([1], 0, 0.4, 1, 2), [0.4]);
});

test('moving any share keeps all shares in 0 to 1 and their sum at 1', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 8 }),
      fc.nat(7),
      fc.integer({ min: 0, max: 100 }),
      (percents, place, target) => {
        const moved = place % percents.length;
        const shares = rescaled(
          percents.map((percent) => percent / 100),
          moved,
          target / 100,
          1,
          2,
        );
        assert.equal(
          shares.reduce((sum, share) => sum + Math.round(share * 100), 0),
          100,
        );
        assert.equal(Math.round((shares[moved] ?? 0) * 100), target);
        assert.ok(shares.every((share) => share >= 0 && share <= 1));
      },
    ),
  );
});

test('numbers of a config are shown with the digits they need', () => {
  assert.deepEqual([decimalsOf(0.3, 2), decimalsOf(0.125, 2), decimalsOf(10, 0), decimalsOf(1 / 3, 2)], [2, 3, 0, 6]);
});

test('the curve has the shares up to each bin, on five decades, or fewer for a small corpus', () => {
  assert.deepEqual(cumulative([1, 0, 3]), [0.25, 0.25, 1]);
  assert.deepEqual(cumulative([0, 0]), [0, 0]);
  assert.deepEqual([decadesOf({ to: [1e-5, 1] }), decadesOf({ to: [0.002, 1] }), decadesOf({ to: [1] })], [5, 3, 1]);
  assert.deepEqual([placeOf(1, 5), placeOf(1e-5, 5), placeOf(0, 5)], [1, 0, 0]);
  const axis = { to: [0.01, 0.1, 1] };
  assert.equal(shareWithin(axis, [1, 1, 2], 0.01), 0.25);
  assert.ok(Math.abs(shareWithin(axis, [1, 1, 2], 0.055) - 0.375) < 1e-12);
  assert.ok(Math.abs(byQuarterDecade(axis, [1, 1, 2]).reduce((a, b) => a + b, 0) - 1) < 1e-12);
});

test('a stored state of another version or config, or an invalid one, is ignored', () => {
  const start = {
    config: { uri: 'file:///a' },
    stage: 'recall',
    users: ['1', '2'],
    extract: { folder: '/out/some.extract', split: 'eval' },
    mode: 'preview',
    state: null,
  } as const;
  const kept = {
    version: 1,
    config: { uri: 'file:///a' },
    stage: 'coarse_ranking',
    seed: 's',
    epoch: 2,
    split: 'eval',
    users: ['1', '9'],
    user: '9',
    mode: 'compare',
    other: { config: { uri: 'file:///b', saved: true }, seed: null },
    extract: '/out/some.extract',
    swapped: true,
    columns: ['city', 'log_q'],
  };
  assert.deepEqual(beginningState(start, kept), { ...kept, users: ['1', '2'], user: '1' });
  assert.equal(beginningState(start, { ...kept, config: { uri: 'file:///b' } }).stage, 'recall');
  // Rows of an extract are never shown as those of the config, nor the other way around.
  assert.equal(beginningState({ ...start, extract: null }, kept).stage, 'recall');
  assert.equal(beginningState({ ...start, users: [] }, kept).users.length, 2);
  const { columns: _, ...older } = kept;
  assert.equal(beginningState(start, older).columns, null);
  for (const wrong of [null, 7, { version: 2 }, { ...kept, stage: 'ranking' }, { ...kept, config: 4 }])
    assert.equal(readState(wrong), null);
  assert.deepEqual(
    readState({
      ...kept,
      epoch: -1,
      mode: 'x',
      users: 'u',
      other: 4,
      swapped: 'yes',
      extract: 5,
      seed: 3,
      split: 'x',
      columns: 4,
    }),
    {
      version: 1,
      config: kept.config,
      stage: 'coarse_ranking',
      seed: null,
      epoch: null,
      split: 'train',
      users: [],
      user: '9',
      mode: 'preview',
      other: null,
      extract: null,
      swapped: false,
      columns: null,
    },
  );
});

test('the command of a comparison has a seed per side, or no seed if it is not needed', () => {
  const state = {
    version: 1,
    config: { uri: 'file:///a' },
    stage: 'recall',
    seed: null,
    epoch: null,
    split: 'train',
    users: ['1'],
    user: '1',
    mode: 'compare',
    other: null,
    swapped: false,
  } as const;
  const other = { config: { uri: 'file:///b' }, seed: 'x' };
  const same = { config: state.config, seed: 'x' };
  assert.equal(
    compareCommand({ ...state, other: same }, 'own'),
    'recsample compare /a --stage recall --users 1 --seed x --seed-b own',
  );
  assert.equal(
    compareCommand({ ...state, other: same, swapped: true }, 'own'),
    'recsample compare /a --stage recall --users 1 --seed-b x',
  );
  assert.equal(
    compareCommand({ ...state, other }, 'own'),
    'recsample compare /b /a --stage recall --users 1 --seed x --seed-b own',
  );
  assert.equal(
    compareCommand({ ...state, other: { ...other, seed: null } }, 'own'),
    'recsample compare /b /a --stage recall --users 1',
  );
  assert.equal(
    compareCommand({ ...state, other: { ...other, seed: null }, seed: 'y' }, 'own'),
    'recsample compare /b /a --stage recall --users 1 --seed y',
  );
  assert.equal(compareCommand(state, 'own'), null);
  assert.equal(compareCommand({ ...state, seed: 'y' }, 'own'), null);
  assert.equal(compareCommand({ ...state, other: same }, null), null);
});

test('the answer to a discarded question is ignored', async () => {
  let answer = (_: PairExplanation): void => {};
  const pair = new PairQuestion(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  pair.ask({ config: { uri: 'file:///a' }, stage: 'recall', user: '1', item: '2' });
  pair.forget();
  answer({
    user: { known: true, groups: 1 },
    item: null,
    history: [],
    positiveIn: 0,
    entries: [],
    expected: 0,
    drawn: 0,
    notices: [],
  });
  await new Promise(setImmediate);
  assert.deepEqual([pair.answer, pair.failure, pair.busy], [null, null, false]);
});
