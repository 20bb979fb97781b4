import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AskedPass } from '../../src/core/data/passThrough.ts';
import { ownNames } from '../../src/core/data/outputName.ts';
import type { SampleLayout, SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, folder } from '../engine/fixture.ts';
import { bothEngines, skip } from './bothEngines.ts';
import { Dice } from './dice.ts';
import { randomWorld } from './randomWorld.ts';
import { overridesOf, requestOf } from './sampled.ts';
import { sidedColumns } from './sidedColumns.ts';
import { formats } from './worldFiles.ts';
import { stageOf, type World } from './world.ts';
import { sortedRows, writeParquet } from './parquetSample.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 24);

const { files, reference } = bothEngines();

/** A column of every side that the data of a world support. Names are in order. */
function passThrough(world: World): (AskedPass & { readonly as: string })[] {
  const { config, stage } = world;
  const { data } = config;
  const hasRequests =
    stageOf({ config, stage }).unit === 'request' || data.impressions?.columns['request'] !== undefined;
  return [
    { as: 'a_exposure', column: 'mark' },
    { as: 'b_exposure', column: 'scene', side: 'exposure' },
    ...sidedColumns(world),
    ...(data.candidates && hasRequests
      ? ([
          { as: 'k_rank', column: 'rank' },
          { as: 'l_reached', column: 'reached', side: 'candidate' },
        ] as const)
      : []),
  ];
}

const text = (cell: unknown): string | null =>
  typeof cell === 'string' || typeof cell === 'number' ? String(cell) : null;

/** Rows of a sample as texts, in any order: user, item, label and the passed-through columns. */
async function passed(
  request: SamplingRequest,
  columns: ReturnType<typeof passThrough>,
  directory: string,
  layout: SampleLayout,
): Promise<string[]> {
  const path = join(directory, `passed-${layout}.parquet`);
  await writeParquet(request, path, { layout, passThrough: columns });
  const ofGroup = columns.filter(({ as }) => /^[cdij]/.test(as)).map(({ as }) => as);
  const ofRow = ['item', ...columns.map(({ as }) => as).filter((name) => !ofGroup.includes(name))];
  const all = ['"user"', 'item', 'label', ...columns.map(({ as }) => as)];
  const group = ['"user"', ...ofGroup].join(', ');
  const select = {
    long: `SELECT * FROM read_parquet('${path}')`,
    grouped: `SELECT ${group}, ${[...ofRow, 'label'].map((name) => `unnest(${name}) AS ${name}`).join(', ')} FROM read_parquet('${path}')`,
    wide: `SELECT ${[group, ...ofRow].join(', ')}, 1 AS label FROM read_parquet('${path}') UNION ALL
        SELECT ${[group, ...ofRow.map((name) => `unnest(negative_${name})`)].join(', ')}, 0 AS label FROM read_parquet('${path}')`,
  }[layout];
  return await sortedRows(
    `SELECT ${all.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`).join(', ')} FROM (${select})`,
  );
}

test(`passed-through columns equal those of the reference in ${worlds} random worlds`, { skip }, async () => {
  const filled = new Map<string, number>();
  const counts = { rows: 0, exposed: 0, drawn: 0 };
  for (let k = 0; k < worlds; k++) {
    const random = randomWorld(`passed ${k}`);
    const columns = passThrough(random);
    const world: World = { ...random, config: { ...random.config, output: { pass_through: columns } } };
    const directory = join(folder, `passed-${k}`);
    try {
      const config = await files().write(
        world,
        directory,
        formats[k % formats.length] ?? 'parquet',
        new Dice(world.name),
      );
      const { users } = await reference().sample(world);
      const rows = users.flatMap(({ user, groups }) =>
        groups.flatMap((group) => group.rows.map((row) => ({ user, ...row }))),
      );
      const expected = rows
        .map(({ user, item, label, passed: cells = [] }) =>
          JSON.stringify([user, item, String(label), ...cells.map(text)]),
        )
        .sort();
      const request = await requestOf(config, world.stage, overridesOf(world));
      const preview = await engine.call('preview', {
        ...request,
        users: users.map(({ user }) => user),
        groupLimit: null,
        copies: { names: ownNames, passThrough: columns },
      });
      const shown = preview.users.flatMap(({ user, groups }) =>
        groups.flatMap((group) =>
          group.rows.map(({ item, label, passed: own = [] }) =>
            JSON.stringify([user, item, String(label), ...own.map(({ value }) => value)]),
          ),
        ),
      );
      assert.deepEqual(shown.sort(), expected, `${world.name}: preview`);
      for (const layout of [
        'long',
        'grouped',
        ...(request.plan.unit === 'positive' ? (['wide'] as const) : []),
      ] as const)
        assert.deepEqual(await passed(request, columns, directory, layout), expected, `${world.name}: ${layout}`);
      counts.rows += rows.length;
      for (const { draw, passed: cells = [] } of rows) {
        if (draw !== null) counts[cells[0] === null && cells[1] === null ? 'drawn' : 'exposed']++;
        columns.forEach(({ as }, column) => {
          if (draw !== null && cells[column] !== null) filled.set(as, (filled.get(as) ?? 0) + 1);
        });
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  assert.ok(counts.rows > worlds * 10 && counts.exposed > worlds && counts.drawn > worlds, JSON.stringify(counts));
  assert.ok(filled.size === 12 && [...filled.values()].every((rows) => rows > worlds), JSON.stringify([...filled]));
});
