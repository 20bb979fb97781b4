import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sequencesOf } from '../../src/core/data/sequences.ts';
import { folder } from '../engine/fixture.ts';
import { withConnection } from '../engine/testDatabase.ts';
import { skip } from './bothEngines.ts';
import { Dice } from './dice.ts';
import { writeParquet } from './parquetSample.ts';
import { requestOf } from './sampled.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 40);
const reference = path.resolve('test/golden/sequences');

/** Writes the expected lists of the folders that it is given. */
const judge = `
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import reference
for folder in map(Path, sys.argv[2:]):
    (folder / "expected.json").write_text(json.dumps(reference.sequences(folder)))
`;

const events = {
  click: { column: 'is_click', op: '=', value: 1 },
  tap: { column: 'tapped', op: '=', value: 1 },
  order: { column: 'ordered', op: '=', value: 1 },
};
const role = { user: { column: 'user', type: 'int64' }, item: { column: 'item', type: 'int64' }, time: 'time' };

/** A recall config on the files of a world. */
const configOf = (sequences: Record<string, object>) => ({
  version: 1,
  seed: 'sequences',
  data: {
    impressions: { path: 'impressions.csv', columns: { ...role, request: 'request', position: 'position' } },
    clicks: {
      orders: { path: 'orders.csv', columns: role, events: ['order'] },
      taps: { path: 'taps.csv', columns: { ...role, request: 'request' }, events: ['tap'] },
    },
    items: { path: 'items.csv', columns: { item: role.item, attributes: ['category'] } },
  },
  events,
  window: { train: { from: '2026-03-02', to: '2026-03-04' } },
  timezone: 'Asia/Shanghai',
  stages: {
    recall: {
      unit: 'positive',
      positives: { events: { click: 1, tap: 1 } },
      negatives: { per_positive: 1, mix: { global_random: 1 } },
    },
  },
  output: { layout: 'long', sequences },
});

function randomSequence(dice: Dice): object {
  const isExposures = dice.chance(0.4);
  const delay = dice.pick(['30s', '1m', '15m', '6h']);
  const all = ['click', 'tap', 'order'];
  const names = isExposures ? ['impressions', ...dice.some(all, dice.whole(0, 2))] : dice.some(all, dice.whole(1, 3));
  return {
    events: dice.chance(0.5) ? names : Object.fromEntries(names.map((name, k) => [name, 2 ** k - (k === 0 ? 1 : 0)])),
    length: dice.pick([1, 2, 3, 5, 20]),
    ...(isExposures || dice.chance(0.6) ? { available_after: delay } : {}),
    ...(dice.chance(0.3) ? { as_of: 'day' } : {}),
    ...(dice.chance(0.3) ? { lookback: dice.pick(['5m', '2h', '1d']) } : {}),
    ...(dice.chance(0.2) ? { where: { device: 'ios' } } : {}),
    ...(isExposures && dice.chance(0.5) ? { without: dice.some(all, dice.whole(1, 2)) } : {}),
    ...(dice.chance(0.5) ? { dedup: dice.pick(['consecutive', 'item']) } : {}),
    ...(dice.chance(0.3) ? { newest_first: true } : {}),
    session: { gap: dice.pick(['1m', '30m']), ...(dice.chance(0.4) ? { keep: dice.whole(1, 2) } : {}) },
    columns: ['item', 'time', 'age', 'event', 'actions', 'session', 'device', 'category'],
  };
}

/** Times with many ties, over three days. */
function randomTime(dice: Dice): string {
  const seconds =
    dice.whole(0, 2) * 86_400 + dice.pick([0, 21_600, 36_000]) + dice.whole(0, 40) * dice.pick([1, 30, 60]);
  return new Date(Date.UTC(2026, 2, 2) + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

function csv(name: string, columns: string, rows: readonly (readonly unknown[])[], directory: string): void {
  writeFileSync(path.join(directory, `${name}.csv`), `${[columns, ...rows.map((row) => row.join(','))].join('\n')}\n`);
}

interface WrittenWorld {
  readonly directory: string;
  readonly names: readonly string[];
}

/** Writes the files of a world for RecSample and for the reference. */
function writeWorld(seed: number): WrittenWorld {
  const dice = new Dice(`sequences ${seed}`);
  const directory = path.join(folder, `sequences-${seed}`);
  mkdirSync(directory);
  const user = (): number => dice.whole(1, 3);
  const item = (): number => dice.whole(101, 106);
  const request = (): string => (dice.chance(0.2) ? '' : `r${dice.whole(1, 8)}`);
  const many = <T>(count: number, row: () => T): T[] => Array.from({ length: count }, row);
  csv(
    'impressions',
    'user,item,time,request,position,is_click,device',
    many(dice.whole(5, 60), () => [
      ...[user(), item(), randomTime(dice), request(), dice.whole(1, 3)],
      ...[dice.chance(0.5) ? 1 : 0, dice.pick(['ios', 'web'])],
    ]),
    directory,
  );
  const time = (): string => (dice.chance(0.05) ? '' : randomTime(dice));
  csv(
    'orders',
    'user,item,time,ordered',
    many(dice.whole(1, 12), () => [user(), item(), time(), 1]),
    directory,
  );
  csv(
    'taps',
    'user,item,time,request,tapped',
    many(dice.whole(1, 12), () => [user(), item(), time(), request(), 1]),
    directory,
  );
  csv(
    'items',
    'item,category',
    many(6, () => 0).map((_, k) => [101 + k, dice.pick(['A', 'B'])]),
    directory,
  );
  const sequences = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, randomSequence(dice)]));
  writeFileSync(path.join(directory, 'world.ratio.json'), JSON.stringify(configOf(sequences)));
  const named = JSON.parse(JSON.stringify(sequences).replaceAll('"click"', '"is_click"')) as object;
  const tables = { orders: { event: 'order', within: '1d' }, taps: { event: 'tap' } };
  const config = { timezone: 'Asia/Shanghai', tables, sequences: named };
  writeFileSync(path.join(directory, 'config.json'), JSON.stringify(config));
  return { directory, names: Object.keys(sequences) };
}

/** Samples a world. Returns the lists of its rows, and writes their groups for the reference. */
async function sampledLists({ directory }: WrittenWorld): Promise<Record<string, unknown>[]> {
  const config = path.join(directory, 'world.ratio.json');
  const request = await requestOf(config, 'recall');
  const sample = path.join(directory, 'sample.parquet');
  const { output } = JSON.parse(readFileSync(config, 'utf8')) as ReturnType<typeof configOf>;
  await writeParquet(request, sample, { sequences: sequencesOf({ output } as never) });
  const rows = await withConnection(async (connection) => {
    const read = await connection.run(
      `SELECT row_number() OVER () AS "group", CAST(epoch_us(time) AS VARCHAR) AS us, * FROM '${sample}'`,
    );
    return await read.getRowObjectsJson();
  });
  csv(
    'groups',
    'group,user,item,time,request',
    rows.map((row) => [
      ...[row['group'], row['user'], row['item']],
      ...[new Date(Number(row['us']) / 1000).toISOString(), row['request'] ?? ''],
    ]),
    directory,
  );
  return rows;
}

const asText = (value: string | number | null): string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d[ T]/.test(value)
    ? new Date(value.replace(/\+00$/, 'Z')).toISOString()
    : String(value);

test('the lists of sampled rows are those of the reference', { skip }, async () => {
  const written = Array.from({ length: worlds }, (_, k) => writeWorld(k));
  const sampled: Record<string, unknown>[][] = [];
  for (const world of written) sampled.push(await sampledLists(world));
  const { status, stderr } = spawnSync(
    process.env['RECSAMPLE_PYTHON'] ?? 'python3',
    ['-B', '-c', judge, reference, ...written.map(({ directory }) => directory)],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  let compared = 0;
  for (const [k, { directory, names }] of written.entries()) {
    const expected = JSON.parse(readFileSync(path.join(directory, 'expected.json'), 'utf8')) as Record<
      string,
      Record<string, (string | number | null)[]>
    >;
    for (const row of sampled[k] ?? [])
      for (const name of names)
        for (const column of ['item', 'time', 'age', 'event', 'actions', 'session', 'device', 'category']) {
          const list = row[`${name}__${column}`] as (string | number | null)[];
          const judged = expected[String(row['group'])]?.[`${name}__${column}`];
          const named = (judged ?? []).map((value) => asText(value).replace('is_click', 'click'));
          assert.deepEqual(list.map(asText), named, `world ${k}, group ${String(row['group'])}, ${name}__${column}`);
          compared += list.length;
        }
  }
  assert.ok(compared > worlds * 20, `only ${compared} steps were compared`);
});
