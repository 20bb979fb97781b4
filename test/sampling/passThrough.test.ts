import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { outputRoles, type OutputRole, type SampleLayout, type SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, folder } from '../engine/fixture.ts';
import { bothEngines, skip } from './bothEngines.ts';
import { Dice } from './dice.ts';
import { randomWorld } from './randomWorld.ts';
import { overridesOf, requestOf } from './sampled.ts';
import { formats } from './worldFiles.ts';
import type { World } from './world.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 24);
const names = Object.fromEntries(outputRoles.map((role) => [role, role])) as Record<OutputRole, string>;
const passThrough = ['mark', 'scene'];
/** The row columns that a list of the layout `grouped` contains. */
const listed = ['item', 'label', 'entry', 'mark', 'scene'];

const { files, reference } = bothEngines();

/** Rows of a sample as texts, in any order: user, item, label, entry and the passed-through columns. */
async function passed({ plan, data }: SamplingRequest, directory: string, layout: SampleLayout): Promise<string[]> {
  const path = join(directory, `passed-${layout}.parquet`);
  // Shortfalls do not end the run; another test covers that.
  const request = {
    data,
    plan: { ...plan, onShortfall: plan.onShortfall === 'fail' ? ('keep' as const) : plan.onShortfall },
  };
  const output = { path, format: 'parquet' as const, layout, names, passThrough, within: null, facts: {} };
  await engine.call('sample', { ...request, users: null, allowEmpty: true, output, blockRows: 40 });
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const columns = layout === 'grouped' ? listed.map((name) => `unnest(${name}) AS ${name}`) : listed;
    const rows = await connection.run(
      `SELECT "user"::VARCHAR AS "user", * REPLACE (item::VARCHAR AS item) FROM (SELECT "user", ${columns.join(', ')} FROM read_parquet('${path}'))`,
    );
    return (await rows.getRowObjectsJson())
      .map(({ user, item, label, entry, mark, scene }) =>
        JSON.stringify([user, item, label, entry, mark === null ? null : Number(mark), scene]),
      )
      .sort();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const withPassThrough = (world: World): World => ({
  ...world,
  config: { ...world.config, output: { pass_through: passThrough } },
});

test(`passed-through columns equal those of the reference in ${worlds} random worlds`, { skip }, async () => {
  const counts = { rows: 0, own: 0, none: 0 };
  for (let k = 0; k < worlds; k++) {
    const world = withPassThrough(randomWorld(`passed ${k}`));
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
        .map(({ user, item, label, entry, passed: [mark, scene] = [] }) =>
          JSON.stringify([user, item, label, entry, mark, scene]),
        )
        .sort();
      const request = await requestOf(config, world.stage, overridesOf(world));
      assert.deepEqual(await passed(request, directory, 'long'), expected, `${world.name}: long`);
      assert.deepEqual(await passed(request, directory, 'grouped'), expected, `${world.name}: grouped`);
      counts.rows += rows.length;
      for (const { draw, passed: cells = [] } of rows)
        if (draw !== null) counts[cells.some((cell) => cell !== null) ? 'own' : 'none']++;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  assert.ok(counts.rows > worlds * 10 && counts.own > worlds && counts.none > worlds, JSON.stringify(counts));
});
