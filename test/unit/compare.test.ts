import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readConfig } from '../../src/core/config/read.ts';
import { examples } from '../../src/core/policy/examples/example.ts';
import { render } from '../../src/core/message/message.ts';
import type { PassedColumn } from '../../src/core/data/passThrough.ts';
import { columnChange } from '../../src/core/report/compareColumnsText.ts';
import { compare, type ComparedDrawing, type Comparison } from '../../src/core/sampling/compare.ts';
import type { Measured } from '../../src/core/sampling/compareDistances.ts';
import type { DrawnUser, PreviewRow } from '../../src/core/sampling/drawn.ts';
import type { ReadData } from '../../src/core/sampling/plan/dataChanges.ts';
import { planStage } from '../../src/core/sampling/plan/planStage.ts';
import type { StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';

function plan(change: (text: string) => string = (text) => text): StagePlan {
  const found = planStage(readConfig(change(examples.recall), { language: 'yaml' }).config, 'recall', {}).plan;
  assert.ok(found);
  return found;
}
/** `popularity:7` is item 7, drawn by popularity; draw numbers count up per entry. */
function user(name: string, ...groups: readonly (readonly [key: string, ...draws: string[]])[]): DrawnUser {
  return {
    user: name,
    groupCount: groups.length,
    groups: groups.map(([key, ...draws]) => {
      const counts = new Map<string, number>();
      const rows = draws.map((text): PreviewRow => {
        const [entry = '', item = ''] = text.split(':');
        const draw = counts.get(entry) ?? 0;
        counts.set(entry, draw + 1);
        return {
          item,
          label: 0,
          source: 'popularity',
          entry,
          draw,
          logQ: -1,
          logQMix: -1,
          weight: 1,
          keepProbability: null,
          why: { kind: 'list', tier: 'user', rank: 0, size: 1, channel: null },
        };
      });
      const positive: PreviewRow = {
        item: 'p',
        label: 1,
        source: null,
        entry: null,
        draw: null,
        logQ: null,
        logQMix: null,
        weight: 1,
        keepProbability: null,
        why: { kind: 'positive', event: 'click' },
      };
      return { key, item: 'p', request: null, time: '', rows: [positive, ...rows], quotas: {}, shortfall: {} };
    }),
  };
}

const log = {
  ref: { path: '/data/impressions.parquet' },
  columns: { user: { name: 'user_id' }, item: { name: 'item_id' } },
};
const data: ReadData = {
  log: { impressions: log, events: [{ name: 'click', column: 'is_click' }] },
  items: { ref: { path: '/data/items.parquet' }, columns: { item: { name: 'item_id' } } },
  rejections: { ref: { path: '/data/rejections.parquet' }, columns: {} },
};

const nothing = { copied: [], measured: { totals: { entries: [] }, facts: { exposureDistance: null } } };

/** Two sides drawn from the same data. */
function compared(
  a: Pick<ComparedDrawing, 'plan' | 'users'> & Partial<ComparedDrawing>,
  b: Pick<ComparedDrawing, 'plan' | 'users'> & Partial<ComparedDrawing>,
): Comparison {
  return compare({ ...nothing, data, ...a }, { ...nothing, data, ...b });
}

suite('comparing two draws', () => {
  test('rows are the same, moved, out or in, by group; positives are not compared', () => {
    const a = user('u', ['g', 'popularity:1', 'popularity:2', 'popularity:3', 'global_random:9']);
    const b = user('u', ['g', 'popularity:1', 'popularity:3', 'global_random:2', 'global_random:8']);
    const { users, totals, entries } = compared({ plan: plan(), users: [a] }, { plan: plan(), users: [b] });
    assert.deepEqual(totals, { a: 4, b: 4, same: 3, moved: 2, out: 1, in: 1 });
    assert.deepEqual(
      users[0]?.groups[0]?.rows.map(({ item, change }) => `${change} ${item}`),
      ['same 1', 'moved 2', 'moved 3', 'out 9', 'in 8'],
    );
    assert.deepEqual(
      entries.filter(({ larger }) => larger > 0).map(({ name, same, larger }) => [name, same, larger]),
      [
        ['global_random', 0, 2],
        ['popularity', 2, 3],
      ],
    );
  });
  test('an item drawn by two entries pairs within the same entry', () => {
    const { totals } = compared(
      { plan: plan(), users: [user('u', ['g', 'popularity:1', 'global_random:1'])] },
      { plan: plan(), users: [user('u', ['g', 'global_random:1', 'popularity:1'])] },
    );
    assert.deepEqual(totals, { a: 2, b: 2, same: 2, moved: 0, out: 0, in: 0 });
  });
  test('a group or a user on one side only is out or in', () => {
    const { users, totals } = compared(
      { plan: plan(), users: [user('u', ['g', 'popularity:1'])] },
      { plan: plan(), users: [user('u', ['h', 'popularity:1']), user('v', ['g', 'popularity:1'])] },
    );
    assert.deepEqual(totals, { a: 1, b: 2, same: 0, moved: 0, out: 1, in: 2 });
    assert.deepEqual(
      users.map(({ user: name, groups }) => [name, groups.map(({ key }) => key)]),
      [
        ['u', ['g', 'h']],
        ['v', ['g']],
      ],
    );
  });
  test('equal plans have no changes; other plans list changes in config terms', () => {
    assert.deepEqual(compared({ plan: plan(), users: [] }, { plan: plan(), users: [] }).changes, []);
    const other = plan((text) =>
      text
        .replace('share: 0.4, exponent: 0.75', 'share: 0.3, exponent: 0.5')
        .replace('window: 7d', 'window: 12h')
        .replace('global_random: 0.2', 'global_random: 0.3')
        .replace('match: [city]', 'match: [city, category]'),
    );
    assert.deepEqual(compared({ plan: plan(), users: [] }, { plan: { ...other, seed: 'other' }, users: [] }).changes, [
      { path: 'seed', a: 'demo', b: 'other' },
      { path: 'global_random.share', a: '0.2', b: '0.3' },
      { path: 'popularity.share', a: '0.4', b: '0.3' },
      { path: 'popularity.window', a: '7d', b: '12h' },
      { path: 'popularity.exponent', a: '0.75', b: '0.5' },
      { path: 'same_city.match', a: '["city"]', b: '["city","category"]' },
    ]);
    const counting = (count: number): StagePlan =>
      plan((text) =>
        text
          .replace('per_positive: 10', `per_positive: {popularity: ${count}}`)
          .replace(/ {6}mix:[\s\S]*?(?= {4}training)/, ''),
      );
    assert.deepEqual(compared({ plan: counting(40), users: [] }, { plan: counting(20), users: [] }).changes, [
      { path: 'popularity.count', a: '40', b: '20' },
    ]);
    const without = plan((text) =>
      text.replace('        global_random: 0.2\n', '').replace('refill_from: global_random', 'refill_from: popularity'),
    );
    assert.deepEqual(compared({ plan: plan(), users: [] }, { plan: without, users: [] }).changes, [
      { path: 'refill_from', a: 'global_random', b: 'popularity' },
      { path: 'global_random.share', a: '0.2', b: null },
    ]);
  });
  test('other files, columns, rows and events are changes too: equal plans of other data are not the same', () => {
    const side = (drawn: ReadData): ComparedDrawing => ({ plan: plan(), users: [], ...nothing, data: drawn });
    const other: ReadData = {
      log: {
        impressions: { ...log, where: { scene: 'home' } },
        events: [
          { name: 'click', column: 'play_time', op: '>=', value: 7 },
          { name: 'like', column: 'is_like' },
        ],
      },
      items: {
        ref: { path: '/other/items.parquet' },
        columns: { item: { name: 'item_id', type: 'int64' }, created: { name: 'born' } },
      },
    };
    assert.deepEqual(compare(side(data), side(other)).changes, [
      { path: 'data.impressions.where', a: null, b: '{"scene":"home"}' },
      { path: 'data.items.path', a: '/data/items.parquet', b: '/other/items.parquet' },
      { path: 'data.items.columns.item', a: 'item_id', b: 'item_id, int64' },
      { path: 'data.items.columns.created', a: null, b: 'born' },
      { path: 'data.rejections.path', a: '/data/rejections.parquet', b: null },
      { path: 'events.click', a: 'is_click', b: 'play_time >= 7' },
    ]);
    const valued = (value: string | number): ComparedDrawing =>
      side({ log: { impressions: log, events: [{ name: 'click', column: 'action', op: '=', value }] } });
    assert.deepEqual(compare(valued(1), valued('1')).changes, [
      { path: 'events.click', a: 'action = 1', b: 'action = "1"' },
    ]);
  });
  test('copied columns that one side lacks, or that have another origin, are named', () => {
    const column = (name: string, more: Partial<PassedColumn> = {}): PassedColumn => ({
      name,
      column: name,
      from: 'impressions',
      side: 'context',
      maxAge: null,
      isSided: true,
      ...more,
    });
    const day = 86_400e6;
    const a = [column('device'), column('CTR', { column: 'item_ctr', side: 'item', maxAge: 7 * day }), column('hour')];
    const b = [
      column('hour', { isSided: false }),
      column('ctr', { column: 'item_ctr', side: 'item' }),
      column('city', { from: 'items', side: 'item' }),
      column('device', { side: 'exposure' }),
    ];
    const draws = { plan: plan(), users: [] };
    const { columns } = compared({ ...draws, copied: a }, { ...draws, copied: b });
    assert.deepEqual(
      columns.map((one) => `${one.name}: ${render(columnChange(one))}`),
      [
        'device: side: context → exposure',
        'CTR: max_age: 7d → ∅',
        'city: only in B, column: city, from: items, side: item',
      ],
    );
    assert.deepEqual(compared({ ...draws, copied: a }, { ...draws, copied: a }).columns, []);
    assert.deepEqual(
      compared({ ...draws, copied: a.slice(1, 2) }, draws).columns.map((one) => render(columnChange(one))),
      ['only in A, column: item_ctr, from: impressions, side: item, max_age: 7d'],
    );
  });
  test('distances pair by entry; an entry of one side only has none on the other', () => {
    const entry = (name: string, distance: number | null): Measured['totals']['entries'][number] => ({
      name,
      source: 'popularity',
      distance,
    });
    const measured = (exposures: number | null, ...entries: Measured['totals']['entries']): Measured => ({
      totals: { entries },
      facts: { exposureDistance: exposures },
    });
    const draws = { plan: plan(), users: [] };
    const { distances } = compared(
      { ...draws, measured: measured(0.6, entry('a', 0.2), entry('b', null)) },
      { ...draws, measured: measured(0.5, entry('c', 0.4), entry('a', 0.5)) },
    );
    assert.deepEqual(
      distances.map(({ of, name, a, b }) => [of, name, a, b]),
      [
        ['exposures', null, 0.6, 0.5],
        ['entry', 'a', 0.2, 0.5],
        ['entry', 'b', null, null],
        ['entry', 'c', null, 0.4],
      ],
    );
    const { distances: none } = compared(
      { ...draws, measured: measured(null, entry('a', null)) },
      { ...draws, measured: measured(null) },
    );
    assert.deepEqual(none, []);
  });
});
