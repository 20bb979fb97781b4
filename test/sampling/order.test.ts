import '../engine/twoThreads.ts';
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Placement, RowOrder } from '../../src/core/sampling/placement.ts';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, folder } from '../engine/fixture.ts';
import { bothEngines, skip } from './bothEngines.ts';
import { Dice } from './dice.ts';
import { longParquet } from './parquetSample.ts';
import { randomWorld } from './randomWorld.ts';
import { overridesOf, requestOf } from './sampled.ts';
import { formats } from './worldFiles.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 10);
const { files, reference } = bothEngines();

type FileRow = readonly (string | number | null)[];

/** All rows of a sample in the order of its files, as the reference gives them. */
async function writtenRows(
  { plan, data }: SamplingRequest,
  path: string,
  placement: Placement,
  how: { readonly blockRows: number; readonly threads: number; readonly rowsAtOnce?: number },
): Promise<FileRow[]> {
  const { rowsAtOnce, ...rest } = how;
  await engine.call('sample', {
    data,
    plan: { ...plan, onShortfall: plan.onShortfall === 'fail' ? 'keep' : plan.onShortfall },
    users: null,
    allowEmpty: true,
    output: { ...longParquet(path), placement, ...(rowsAtOnce === undefined ? {} : { rowsAtOnce }) },
    ...rest,
  });
  const parts = placement.folder === null ? [path] : readdirSync(path).map((name) => join(path, name));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const all: FileRow[] = [];
  try {
    for (const part of parts.sort()) {
      const found = await connection.run(
        `SELECT CAST("user" AS VARCHAR) AS u, CAST(item AS VARCHAR) AS i, CAST(group_id AS VARCHAR) AS g, * FROM read_parquet('${part}')`,
      );
      for (const { u, i, label, entry, draw = null, g } of await found.getRowObjectsJson())
        all.push([u, i, label, entry, draw, g] as FileRow);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return all;
}

/** Equal exposures have no order among each other, so rows of one group are sorted in the unit impression. */
function comparable(rows: readonly FileRow[], unit: string): FileRow[] {
  if (unit !== 'impression') return [...rows];
  const runs: FileRow[][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last?.[0] && last[0][0] === row[0] && last[0][5] === row[5]) last.push(row);
    else runs.push([row]);
  }
  return runs.flatMap((run) => run.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));
}

for (const order of ['shuffled', 'shuffled_rows'] as const satisfies readonly RowOrder[]) {
  test(`${order}: files are in the order of the reference in ${worlds} random worlds`, { skip }, async () => {
    let seen = 0;
    for (let k = 0; k < worlds; k++) {
      const world = randomWorld(`order ${k}`);
      const directory = join(folder, `order-${order}-${k}`);
      try {
        const { ordered = [] } = await reference().sample(world, order);
        const config = await files().write(
          world,
          directory,
          formats[k % formats.length] ?? 'parquet',
          new Dice(`${world.name} one`),
        );
        const request = await requestOf(config, world.stage, overridesOf(world));
        const unit = request.plan.unit;
        const one: Placement = { order, groupId: true, folder: null };
        const expected = comparable(ordered, unit);
        const written = async (...args: Parameters<typeof writtenRows>): Promise<FileRow[]> =>
          comparable(await writtenRows(...args), unit);
        assert.deepEqual(
          await written(request, join(directory, 'one.parquet'), one, { blockRows: 200_000, threads: 1 }),
          expected,
          world.name,
        );
        const shards = { ...one, folder: { shards: 1 + (k % 5), partitionBy: null } };
        assert.deepEqual(
          await written(request, join(directory, 'made'), shards, {
            blockRows: 7,
            threads: k % 4 === 0 ? 2 : 1,
            rowsAtOnce: 20,
          }),
          expected,
          `${world.name}: shards, small blocks`,
        );
        seen += expected.length;
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }
    assert.ok(seen > worlds * 10, `${seen} rows`);
  });
}
