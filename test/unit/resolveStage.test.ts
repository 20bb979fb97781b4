import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../src/core/config/read.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import { coarseExample } from '../../src/core/policy/examples/coarse.ts';
import { fineExample } from '../../src/core/policy/examples/fine.ts';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import type { DatasetFacts } from '../../src/core/data/facts.ts';
import { render } from '../../src/core/message/message.ts';
import type { PlanOverrides } from '../../src/core/sampling/plan/planStage.ts';
import { resolveStage, type ResolvedStage } from '../../src/project/plan/resolveStage.ts';
import { columns, demoDatasets, demoFacts } from '../fixtures/demoFacts.ts';

// Tests the engine request for a stage of a config: the part of the plan that has data, and the data.
const here = { folder: '/demo/configs', root: '/demo' };
type Datasets = Parameters<typeof demoFacts>[0] extends { datasets?: infer D } | undefined ? NonNullable<D> : never;

function sampling(
  text: string,
  stage: Stage,
  { datasets = {}, overrides = {} }: { readonly datasets?: Datasets; readonly overrides?: PlanOverrides } = {},
): ResolvedStage {
  return resolveStage(
    readConfig(text, { language: 'yaml' }),
    stage,
    overrides,
    demoFacts({ level: 'schema', datasets }),
    here,
  );
}
function changed(text: string, ...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((made, [from, to]) => {
    assert.ok(made.includes(from), from);
    return made.replace(from, to);
  }, text);
}
const entriesOf = ({ request }: ResolvedStage): string[] | undefined => request?.plan.entries.map(({ name }) => name);
const problemsOf = ({ problems }: ResolvedStage): string[] =>
  problems.map(({ message, path }) => `${path?.join('.') ?? ''}: ${render(message)}`);
/** A demo data set without some of its columns. */
function without(name: keyof typeof demoDatasets, ...gone: readonly string[]): DatasetFacts {
  const found = demoDatasets[name];
  assert.ok(found?.state === 'known');
  return { ...found, columns: found.columns.filter((column) => !gone.includes(column.name)) };
}

test('recall of the demo: all entries, and the data that they draw from', () => {
  const found = sampling(recallExample, 'recall');
  assert.deepEqual(problemsOf(found), []);
  assert.deepEqual(entriesOf(found), ['exposed_unclicked', 'global_random', 'host_refused', 'popularity', 'same_city']);
  const { data } = found.request ?? assert.fail();
  assert.deepEqual(Object.keys(data).sort(), ['items', 'log', 'rejections', 'users']);
  assert.deepEqual(Object.keys(data.log.impressions.columns).sort(), [
    'item',
    'position',
    'request',
    'time',
    'user',
    'viewed',
  ]);
  assert.deepEqual(data.log.events, [
    { name: 'click', column: 'is_click' },
    { name: 'click?', unknown: { column: 'is_click' } },
    { name: 'long_play', column: 'play_time', op: '>=', value: 7 },
    { name: 'long_play?', unknown: { column: 'play_time', op: '>=', value: 7 } },
  ]);
  assert.equal(data.log.impressions.ref.path, '/demo/data/impressions/dt=*/*.parquet');
  assert.deepEqual(
    [data.items?.title, data.items?.attributes, data.users?.attributes],
    ['title', ['city', 'category'], ['region', 'activity']],
  );
});

test('coarse and fine ranking of the demo', () => {
  const coarse = sampling(coarseExample, 'coarse_ranking');
  assert.deepEqual(
    [entriesOf(coarse), problemsOf(coarse)],
    [['coarse_filtered', 'exposed_unclicked', 'ranked_unexposed'], []],
  );
  assert.deepEqual(Object.keys(coarse.request?.data.candidates?.columns ?? {}).sort(), [
    'channel',
    'item',
    'rank',
    'reached',
    'request',
    'score',
    'teacher',
    'time',
    'user',
  ]);
  const fine = sampling(fineExample, 'fine_ranking');
  assert.deepEqual(
    [fine.request?.plan.exposures?.seen, fine.request?.data.candidates, problemsOf(fine)],
    ['viewed', undefined, []],
  );
});

test('another seed and epoch are those of the plan, and nothing else changes', () => {
  const [own, other] = [
    sampling(recallExample, 'recall'),
    sampling(recallExample, 'recall', { overrides: { seed: '7', epoch: 3 } }),
  ];
  assert.deepEqual([other.request?.plan.seed, other.request?.plan.epoch], ['7', 3]);
  assert.deepEqual(other.request?.data, own.request?.data);
  assert.deepEqual({ ...other.request?.plan, seed: '', epoch: 0 }, { ...own.request?.plan, seed: '', epoch: 0 });
});

test('an entry whose data are not there is left out and said where it stands; the others are drawn', () => {
  const gone = sampling(recallExample, 'recall', { datasets: { rejections: { state: 'missing' } } });
  assert.deepEqual(entriesOf(gone), ['exposed_unclicked', 'global_random', 'popularity', 'same_city']);
  assert.deepEqual(problemsOf(gone), [
    'stages.recall.negatives.mix.host_refused: host_refused is left out: the files of data.rejections do not exist',
  ]);
  assert.equal(gone.request?.data.rejections, undefined);
});

test('an entry whose column or attribute the files lack is left out', () => {
  const cases: readonly (readonly [Datasets, string, string])[] = [
    [{ items: without('items', 'city') }, 'same_city', 'data.items has no attribute city'],
    [{ users: without('users', 'region') }, 'popularity', 'data.users has no attribute region'],
    [
      { impressions: without('impressions', 'is_viewed') },
      'exposed_unclicked',
      'data.impressions has no column viewed',
    ],
    [
      { rejections: without('rejections', 'item_id') },
      'host_refused',
      'the files of data.rejections have no column item_id',
    ],
  ];
  for (const [datasets, entry, reason] of cases) {
    const found = sampling(recallExample, 'recall', { datasets });
    assert.deepEqual(
      problemsOf(found).map((problem) => problem.split(': ').slice(1).join(': ')),
      [`${entry} is left out: ${reason}`],
    );
    assert.ok(!entriesOf(found)?.includes(entry), entry);
  }
});

test('ids that do not compare are said of the data set that disagrees', () => {
  const rejections: DatasetFacts = {
    ...without('rejections'),
    state: 'known',
    columns: columns('user_id:string item_id:int64 ts:timestamp'),
  } as DatasetFacts;
  assert.deepEqual(problemsOf(sampling(recallExample, 'recall', { datasets: { rejections } })), [
    'stages.recall.negatives.mix.host_refused: host_refused is left out: the ids in column user_id of data.rejections are strings, but those in data.impressions are integers',
  ]);
});

test('an entry that excludes or counts an event without a column is left out', () => {
  const text = changed(
    recallExample,
    ['  long_play: {', '  order: is_order\n  long_play: {'],
    ['count: click', 'count: order'],
    ['global_random: 0.2', 'global_random: {share: 0.2, exclude: {events: [order]}}'],
  );
  const found = sampling(text, 'recall');
  assert.deepEqual(entriesOf(found), ['exposed_unclicked', 'host_refused', 'same_city']);
  assert.deepEqual(
    found.problems.map(({ message }) => render(message)),
    ['global_random', 'popularity'].map(
      (entry) => `${entry} is left out: the files of data.impressions have no column is_order`,
    ),
  );
});

test('gaps stay where the entry that fills them is left out', () => {
  const text = changed(recallExample, [
    '      per_positive: 10\n',
    '      per_positive: 10\n      on_shortfall: refill\n      refill_from: host_refused\n',
  ]);
  const whole = sampling(text, 'recall').request?.plan;
  assert.deepEqual([whole?.onShortfall, whole?.entries[whole.refillFrom ?? -1]?.name], ['refill', 'host_refused']);
  const { plan } =
    sampling(text, 'recall', { datasets: { rejections: { state: 'missing' } } }).request ?? assert.fail();
  assert.deepEqual([plan.onShortfall, plan.refillFrom], ['keep', null]);
  // The refilling entry is found again after another one is removed.
  const { plan: other } =
    sampling(text, 'recall', { datasets: { items: without('items', 'city') } }).request ?? assert.fail();
  assert.equal(other.entries[other.refillFrom ?? -1]?.name, 'host_refused');
});

test('nothing is drawn without the log, its events, or the corpus that the config names', () => {
  const cases: readonly (readonly [Datasets, string, string])[] = [
    [{ impressions: { state: 'missing' } }, 'data.impressions', 'the files of data.impressions do not exist'],
    [
      { impressions: { state: 'closed', reason: 'untrusted' } },
      'data.impressions',
      'the workspace is in Restricted Mode, so data.impressions is not opened',
    ],
    [
      { impressions: without('impressions', 'is_click') },
      'events.click',
      'the files of data.impressions have no column is_click',
    ],
    [
      { impressions: without('impressions', 'ts') },
      'data.impressions',
      'the files of data.impressions have no column ts',
    ],
    [{ items: { state: 'missing' } }, 'data.items', 'the files of data.items do not exist'],
  ];
  for (const [datasets, place, reason] of cases) {
    const found = sampling(recallExample, 'recall', { datasets });
    assert.equal(found.request, null);
    assert.deepEqual(problemsOf(found), [`${place}: Nothing can be drawn: ${reason}`]);
    // The plan from the config alone is still returned.
    assert.equal(found.plan?.entries.length, 5);
  }
});

test('exposures are rows without a corpus and without users', () => {
  const found = sampling(fineExample, 'fine_ranking', { datasets: { items: { state: 'missing' } } });
  assert.deepEqual(problemsOf(found), ['data.items: data.items is left out: the files of data.items do not exist']);
  assert.deepEqual(Object.keys(found.request?.data ?? {}), ['log']);
});

test('the requests of the candidates are the groups of coarse ranking: without them nothing is drawn', () => {
  assert.deepEqual(
    problemsOf(sampling(coarseExample, 'coarse_ranking', { datasets: { candidates: { state: 'missing' } } })),
    ['data.candidates: Nothing can be drawn: the files of data.candidates do not exist'],
  );
});

test('a stage that the config does not have has no plan', () => {
  const { request, plan, problems } = sampling(recallExample, 'fine_ranking');
  assert.deepEqual([request, plan], [null, null]);
  assert.ok(problems.length > 0);
});
