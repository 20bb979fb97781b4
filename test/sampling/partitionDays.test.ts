import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { render } from '../../src/core/message/message.ts';
import { ownNames } from '../../src/core/data/outputName.ts';
import { engine, folder } from '../engine/fixture.ts';
import { Dice } from './dice.ts';
import { previewOf, requestOf, sampledOf } from './sampled.ts';
import { makeShop, novemberDay, recallOf, shopWorld } from './shop.ts';
import type { ConfigDraft, EntryDraft, Row, StageDraft, World } from './world.ts';
import { WorldFiles } from './worldFiles.ts';

const shop = makeShop('partition days', 30, 90);
const users = Array.from({ length: 30 }, (_, k) => `user-${k}`);
const day = 86_400_000_000;
const { impressions, items, candidates } = shop.tables;
assert.ok(impressions && items && candidates);

/** The log of the shop over 16 days, from 2026-11-01. */
const rows = impressions.rows.map((row): Row => ({
  ...row,
  ts: novemberDay(1) + (Number(row['ts']) - novemberDay(1)) * 2,
}));
const windows = {
  train: { from: '2026-11-06', to: '2026-11-08T12:00:00' },
  eval: { from: '2026-11-09', to: '2026-11-10' },
  known_until: '2026-11-11',
};
const bounded: Record<string, EntryDraft> = {
  exposed_unclicked: 2,
  popularity: { count: 3, window: '2d', exclude: { events: ['click'], lookback: '1d' } },
  moving: { source: 'popularity', count: 2, window: '2d', as_of: 'day' },
  exposed_random: 2,
  global_random: { count: 2, exclude: { events: ['impressions'], lookback: '2d' } },
};
const unbounded: Record<string, EntryDraft> = { popularity: { count: 3, exponent: 0.75 } };
const stages: Readonly<Record<string, [World['stage'], StageDraft]>> = {
  'the unit positive': ['recall', recallOf(bounded)],
  'the unit request': [
    'coarse_ranking',
    {
      unit: 'request',
      positives: { events: { click: 1 } },
      negatives: { per_request: { ...bounded, hard_rank: { count: 3, ranks: [1, 20] } } },
    },
  ],
  'the unit impression': [
    'fine_ranking',
    {
      unit: 'impression',
      positives: { events: { click: 1 } },
      negatives: { mix: { exposed_unclicked: { share: 1 } }, downsample: 0.5, calibration: 'weight' },
    },
  ],
  'counts of the whole log': ['recall', recallOf(unbounded)],
};

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

/** The day of a row in a zone, as `dt` has it. `shift`: hours from UTC. */
const dayOf = (row: Row, shift: number): string =>
  new Date(Number(row['ts']) / 1000 + shift * 3_600_000).toISOString().slice(0, 10);

const folderOf = (date: string, compact: boolean): string => `dt=${compact ? date.replaceAll('-', '') : date}`;

/** Writes the shop with one folder of impressions per day. */
async function shopByDay(name: string, { shift = 0, compact = false, rows: all = rows } = {}): Promise<string> {
  assert.ok(impressions && items && candidates);
  const directory = join(folder, `by-day-${name}`);
  await files.writeTables({ items, candidates }, directory, 'parquet', new Dice(name));
  for (const value of new Set(all.map((row) => dayOf(row, shift)))) {
    const part = { ...impressions, rows: all.filter((row) => dayOf(row, shift) === value) };
    await files.writeFile(part, join(directory, 'impressions', folderOf(value, compact), '0.parquet'), 'parquet');
  }
  return directory;
}

function configOf(
  directory: string,
  [stage, draft]: [World['stage'], StageDraft],
  isDeclared: boolean,
  window: World['config']['window'] = windows,
): string {
  const { config, tables } = shopWorld(shop, stage, draft, { window });
  const { impressions: log } = config.data;
  const declared = { ...log, partition: { column: 'dt', day_of: 'time' } };
  return files.writeConfig(
    {
      config: { ...config, data: { ...config.data, impressions: isDeclared ? declared : log } } as ConfigDraft,
      tables,
    },
    directory,
    'parquet',
    `${stage}-${String(isDeclared)}.ratio.json`,
  );
}

async function drawn(path: string, stage: World['stage'], split: 'train' | 'eval'): Promise<unknown> {
  return sampledOf(await previewOf(await requestOf(path, stage, { split }), users));
}

/** Destroys the pages of a file, but not its footer. */
function damage(path: string): void {
  const bytes = readFileSync(path);
  const footer = bytes.readUInt32LE(bytes.length - 8);
  writeFileSync(path, bytes.fill(0xff, 4, bytes.length - 8 - footer));
}

for (const [name, stage] of Object.entries(stages)) {
  for (const split of ['train', 'eval'] as const) {
    test(`a partition by day changes no row: ${name}, ${split}`, async () => {
      const directory = await shopByDay(`${name}-${split}`.replaceAll(' ', '-'), { compact: split === 'eval' });
      const all = await drawn(configOf(directory, stage, false), stage[0], split);
      assert.deepEqual(await drawn(configOf(directory, stage, true), stage[0], split), all);
    });
  }
}

test('folders that are named by the day of another zone change no row', async () => {
  const stage = stages['the unit positive'];
  assert.ok(stage);
  for (const shift of [-11, 9]) {
    const directory = await shopByDay(`zone${shift}`, { shift });
    for (const split of ['train', 'eval'] as const) {
      const all = await drawn(configOf(directory, stage, false), stage[0], split);
      assert.deepEqual(await drawn(configOf(directory, stage, true), stage[0], split), all);
    }
  }
});

/** Orders some hours after a click, and some without one. */
const orders = rows.flatMap((row, k): Row[] =>
  row['is_click'] === true || k % 11 === 0
    ? [
        {
          user_id: row['user_id'] ?? null,
          item_id: row['item_id'] ?? null,
          ordered_at: Number(row['ts']) + (k % 20) * 3.6e9,
          bought: true,
        },
      ]
    : [],
);
const orderTable = {
  types: { user_id: 'VARCHAR', item_id: 'VARCHAR', ordered_at: 'BIGINT', bought: 'BOOLEAN' },
  rows: orders,
};

for (const unmatched of ['exclude', 'positive'] as const) {
  test(`events in folders by day change no row either: unmatched ${unmatched}`, async () => {
    const directory = await shopByDay(`orders-${unmatched}`);
    for (const value of new Set(orders.map((row) => dayOf({ ts: row['ordered_at'] ?? null }, 0)))) {
      const part = orders.filter((row) => dayOf({ ts: row['ordered_at'] ?? null }, 0) === value);
      const path = join(directory, 'clicks', folderOf(value, true), '0.parquet');
      await files.writeFile({ ...orderTable, rows: part }, path, 'parquet');
    }
    const clicks = {
      columns: { user: 'user_id', item: 'item_id', time: { column: 'ordered_at', unit: 'us' } },
      events: ['order'],
      within: '1d',
      unmatched,
    };
    const byDay = { partition: { column: 'dt', day_of: 'time' } };
    const draft = { ...recallOf(bounded), positives: { events: { click: 1, order: 2 } } };
    const { config, tables } = shopWorld(shop, 'recall', draft, { window: windows });
    const write = (more: object): string =>
      files.writeConfig(
        {
          config: {
            ...config,
            events: { click: 'is_click', order: 'bought' },
            data: {
              ...config.data,
              impressions: { ...config.data.impressions, ...more },
              clicks: { ...clicks, ...more },
            },
          } as unknown as ConfigDraft,
          tables: { ...tables, clicks: orderTable },
        },
        directory,
        'parquet',
        `orders-${String(Object.keys(more).length)}.ratio.json`,
      );
    for (const split of ['train', 'eval'] as const) {
      const all = await drawn(write({}), 'recall', split);
      assert.deepEqual(await drawn(write(byDay), 'recall', split), all);
    }
  });
}

test('folders of days that cannot matter are not read', async () => {
  const stage = stages['the unit positive'];
  assert.ok(stage);
  const directory = await shopByDay('damaged');
  const whole = await drawn(configOf(directory, stage, false), 'recall', 'train');
  // The windows, counts and exclusion reach from November 4th to 8th; a day is read on each side, and two after a time.
  for (const date of ['2026-11-01', '2026-11-02', '2026-11-11', '2026-11-16'])
    damage(join(directory, 'impressions', folderOf(date, false), '0.parquet'));
  await assert.rejects(drawn(configOf(directory, stage, false), 'recall', 'train'), FailureError);
  assert.deepEqual(await drawn(configOf(directory, stage, true), 'recall', 'train'), whole);
});

test('a partition that names no folder is an error of its place, and nothing is drawn', async () => {
  const stage = stages['the unit positive'];
  assert.ok(stage);
  const path = configOf(await shopByDay('misnamed'), stage, true);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"column":"dt"', '"column":"day"'));
  await assert.rejects(requestOf(path, 'recall'), /"day" is not a column of the folders of data\.impressions: dt$/);
});

test('a row that is far from the day of its folder is refused, with its folder', async () => {
  const stage = stages['the unit positive'];
  assert.ok(stage);
  const directory = await shopByDay('late', {
    rows: rows.map((row) => (dayOf(row, 0) === '2026-11-07' ? { ...row, ts: Number(row['ts']) - 3 * day } : row)),
  });
  renameSync(join(directory, 'impressions/dt=2026-11-04'), join(directory, 'impressions/dt=2026-11-07'));
  await assert.rejects(drawn(configOf(directory, stage, true), 'recall', 'train'), (error: unknown) => {
    assert.ok(error instanceof FailureError);
    assert.match(render(error.failure.message), /^A row of the folder dt=2026-11-07 has the time \d+, more than a day/);
    assert.match(render(error.failure.advice ?? error.failure.message), /remove partition from the config/);
    return true;
  });
});

test('a window without folders is reported as such: the log itself has rows', async () => {
  const stage = stages['the unit positive'];
  assert.ok(stage);
  const directory = await shopByDay('later');
  const path = configOf(directory, stage, true, { train: { from: '2027-01-01', to: '2027-01-02' } });
  const { plan, data } = await requestOf(path, 'recall', { split: 'train' });
  const sampleOf = (of: readonly string[] | null): Promise<unknown> =>
    engine.call('sample', {
      plan,
      data,
      users: of,
      output: {
        path: join(directory, 'none.parquet'),
        format: 'parquet',
        layout: 'long',
        names: ownNames,
        passThrough: [],
        within: null,
        facts: {},
      },
    });
  const failureOf = async (of: readonly string[] | null): Promise<string> => {
    try {
      await sampleOf(of);
    } catch (error) {
      assert.ok(error instanceof FailureError);
      return `${render(error.failure.message)}. ${render(error.failure.advice ?? error.failure.message)}`;
    }
    assert.fail('a sample without rows was written');
  };
  const what =
    'No file is written because there are no rows: the folders that partition selects have no impressions in';
  assert.equal(await failureOf(null), `${what} window.train. Set window.train to days that the log has.`);
  assert.equal(
    await failureOf(['user-0']),
    `${what} window.train of these users. Check the ids of the users, and window.train.`,
  );
});
