import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createLockedInstance } from '../../src/engine/database/instance.ts';
import { quoteLiteral, quotePath } from '../../src/engine/sql/quote.ts';
import { folder, parquet } from './fixture.ts';

test('DuckDB reads the named files, also one with [ in its name, and no file next to them', async () => {
  const file = await parquet('locked.parquet', 'SELECT range AS a FROM range(3)');
  const folders = Array.from({ length: 20 }, (_, k) => path.join(folder, `part=${k}[1]`));
  const files = folders.map((part) => path.join(part, 'a[1].parquet'));
  const [temporaryDirectory, neighbour] = [path.join(folder, 'temporary'), path.join(folder, 'part=0[1]', 'b.parquet')];
  for (const part of [...folders, temporaryDirectory]) mkdirSync(part);
  for (const copy of [...files, neighbour]) copyFileSync(file, copy);
  const { instance } = await createLockedInstance({ threads: 1, memoryBytes: 1e9, temporaryDirectory, files });
  try {
    const connection = await instance.connect();
    const read = async (one: string): Promise<unknown> =>
      await connection.run(`SELECT * FROM read_parquet(${quotePath(one)})`);
    for (const copy of files) await read(copy);
    await assert.rejects(read(neighbour), /disabled by configuration/);
    await assert.rejects(
      connection.run(`COPY (SELECT 1) TO ${quoteLiteral(path.join(folder, 'part=0[1]', 'c.parquet'))}`),
      /disabled by configuration/,
    );
    // Each access is compared with all of them, so their number must not grow with the partitions.
    const [row] = await (await connection.run("SELECT len(current_setting('allowed_directories'))")).getRows();
    assert.equal(Number(row?.[0]), 1);
  } finally {
    instance.closeSync();
  }
});
