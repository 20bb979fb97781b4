import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sequencesOf, type Sequence } from '../../src/core/data/sequences.ts';
import { isBundled, type SampleLayout } from '../../src/core/schema/sampleLayout.ts';
import { folder } from '../engine/fixture.ts';
import { withConnection } from '../engine/testDatabase.ts';
import { bothEngines } from './bothEngines.ts';
import { Dice } from './dice.ts';
import { parquetColumns, sortedRows, unnestedRows, writeParquet } from './parquetSample.ts';
import { randomSequences, sliceable } from './randomSequences.ts';
import { randomWorld } from './randomWorld.ts';
import { overridesOf, requestOf } from './sampled.ts';
import { sidedColumns } from './sidedColumns.ts';
import { formats } from './worldFiles.ts';
import { stageOf, type World } from './world.ts';
import { testWorlds } from './worldParts.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 24);
const units = ['positive', 'impression', 'request'];

const { files } = bothEngines();

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The rows of a file in the form of the layout long, as sorted texts. */
async function longRows(file: string, sequences: readonly Sequence[], layout: SampleLayout): Promise<string[]> {
  const columns = await parquetColumns(file);
  const sequenceOf = (name: string): string | undefined =>
    sequences.find((sequence) => name.startsWith(`${sequence.name}__`))?.name;
  const isEnd = (name: string): boolean => layout === 'user' && /__(from|to)$/.test(name);
  const values = columns
    .filter(({ name }) => !isEnd(name))
    .map(({ name }) => {
      const sequence = layout === 'user' ? sequenceOf(name) : undefined;
      if (sequence === undefined) return quoted(name);
      const [begin, end] = ['from', 'to'].map((bound) => quoted(`${sequence}__${bound}`));
      return `${quoted(name)}[${begin} + 1 : ${end}] AS ${quoted(name)}`;
    });
  const rows = await unnestedRows(
    file,
    (name) => !isBundled(layout) || (sequenceOf(name) !== undefined && !isEnd(name)),
  );
  return await sortedRows(`SELECT ${values.join(', ')} FROM (${rows})`);
}

/** Rows of a file, and the values of an aggregate. */
async function valueOf(file: string, value: string): Promise<unknown> {
  return await withConnection(async (connection) => {
    const rows = await connection.run(`SELECT ${value} FROM read_parquet('${file}')`);
    return (await rows.getRowsJson())[0]?.[0];
  });
}

/** Every stored step is in the slice of a row, except between two slices: the list begins and ends with one. */
async function assertShortest(file: string, sequences: readonly Sequence[], name: string): Promise<void> {
  const all = await parquetColumns(file);
  for (const { name: sequence } of sequences) {
    const list = all.find((column) => column.name.startsWith(`${sequence}__`))?.name ?? '';
    const [begin, end] = ['from', 'to'].map((bound) => quoted(`${sequence}__${bound}`));
    const isShortest = `CASE WHEN len(${quoted(list)}) = 0 THEN list_max(${end}) = 0 ELSE list_max(${end}) = len(${quoted(list)}) AND list_min(list_transform(list_filter(list_zip(${begin}, ${end}), lambda x: x[1] < x[2]), lambda x: x[1])) = 0 END`;
    assert.ok(
      [true, null].includes((await valueOf(file, `bool_and(${isShortest})`)) as boolean),
      `${name}: ${sequence}`,
    );
    const type = await valueOf(file, `any_value(typeof(${begin}))`);
    assert.ok(type === null || type === 'INTEGER[]', String(type));
  }
}

/** A random world with the unit that follows in turn. */
function worldOf(number: number): World {
  for (let attempt = 0; ; attempt++) {
    const world = randomWorld(`layouts ${number} ${attempt}`);
    if (stageOf(world).unit === units[number % units.length]) return world;
  }
}

/** Numbers of rows by what they hold, which show that the comparison was not empty. */
const seen = { rows: 0, requests: 0, users: 0, eval: 0, requestless: 0 };

testWorlds(
  'the layouts request and user have the rows and histories of the layout long',
  { worlds, most: 4 },
  async (number) => {
    const world = worldOf(number);
    const dice = new Dice(world.name);
    const drafts = sliceable(randomSequences(world, dice));
    const copied = number % 3 === 0 ? [] : [{ as: 'scene of row', column: 'scene' }, ...sidedColumns(world)];
    const directory = path.join(folder, `layouts-${number}`);
    try {
      const output = { sequences: drafts };
      const config = await files().write(
        { ...world, config: { ...world.config, output } },
        directory,
        formats[number % formats.length] ?? 'parquet',
        new Dice(world.name),
      );
      const sequences = sequencesOf({ output });
      const request = await requestOf(config, world.stage, overridesOf(world));
      const written = async (layout: SampleLayout): Promise<string> => {
        const file = path.join(directory, `sample-${layout}.parquet`);
        await writeParquet(request, file, { layout, sequences, passThrough: copied });
        return file;
      };
      const long = await written('long');
      const expected = await longRows(long, sequences, 'long');
      const hasRequests = (await parquetColumns(long)).some(({ name }) => name === 'request');
      const keys = {
        request: hasRequests
          ? `count(DISTINCT ("user", request, CASE WHEN request IS NULL THEN time END))`
          : 'count(DISTINCT ("user", time))',
        user: 'count(DISTINCT "user")',
      };
      for (const layout of ['request', 'user'] as const) {
        const file = await written(layout);
        assert.deepEqual(await longRows(file, sequences, layout), expected, `${world.name}: ${layout}`);
        const rows = await valueOf(file, 'count(*)');
        assert.equal(rows, await valueOf(long, keys[layout]), `${world.name}: rows of ${layout}`);
        seen[`${layout}s`] += Number(rows);
        if (layout === 'user') await assertShortest(file, sequences, world.name);
      }
      seen.rows += expected.length;
      if (world.split === 'eval') seen.eval += expected.length;
      if (!hasRequests) seen.requestless += expected.length;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  () => {
    assert.ok(seen.rows > 2 * seen.requests && seen.requests > seen.users && seen.users > worlds, JSON.stringify(seen));
    assert.ok(seen.eval > worlds / 3 && seen.requestless > worlds, JSON.stringify(seen));
  },
);

/** A folder of days, shuffled, with ids of groups: each day has the same rows in every layout. */
test('in folders of days, a row of the layouts request and user has the samples of one day', async () => {
  let [split, compared] = [0, 0];
  for (let number = 0; number < 6; number++) {
    const world = worldOf(number);
    const directory = path.join(folder, `placed-layouts-${number}`);
    const drafts = sliceable(randomSequences(world, new Dice(world.name)));
    const output = { sequences: drafts };
    const written = { ...world, config: { ...world.config, output } };
    const config = await files().write(written, directory, 'parquet', new Dice(world.name));
    const sequences = sequencesOf({ output });
    const request = await requestOf(config, world.stage, overridesOf(world));
    const rowsOf = async (layout: SampleLayout): Promise<string[]> => {
      const target = path.join(directory, layout);
      const folderOfDays = { shards: 2, partitionBy: { column: 'dt', format: 'yyyyMMdd' } };
      const placement = { order: 'shuffled', groupId: true, folder: folderOfDays } as const;
      await writeParquet(request, target, { layout, sequences, placement });
      if (!existsSync(target)) return [];
      const days = readdirSync(target).filter((name) => name.startsWith('dt='));
      if (days.length === 0) return [];
      const rows = await Promise.all(
        days.map(async (day) => {
          const lines = await longRows(path.join(target, day, '*.parquet'), sequences, layout);
          return lines.map((line) => `${day} ${line}`);
        }),
      );
      if (layout === 'user') {
        const all = path.join(target, '**/*.parquet');
        split += Number(await valueOf(all, 'count(*) - count(DISTINCT "user")'));
      }
      return rows.flat().sort();
    };
    const expected = await rowsOf('long');
    compared += expected.length;
    for (const layout of ['request', 'user'] as const)
      assert.deepEqual(await rowsOf(layout), expected, `${world.name}: ${layout}`);
  }
  assert.ok(compared > 100 && split > 0, `${compared} rows, ${split} further days`);
});
