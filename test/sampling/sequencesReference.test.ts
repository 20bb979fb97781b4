import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sequencesOf } from '../../src/core/data/sequences.ts';
import { withConnection } from '../engine/testDatabase.ts';
import { skip } from './bothEngines.ts';
import { csv, type configOf, writeWorld, type WrittenWorld } from './listWorlds.ts';
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
