import assert from 'node:assert/strict';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { Connections, type Rows } from '../../src/engine/database/connections.ts';
import { createLockedInstance } from '../../src/engine/database/instance.ts';
import { discover } from '../../src/engine/readers/discover.ts';
import { ParquetSource } from '../../src/engine/source/parquet.ts';
import { failureOf, folder, opened as openedByEngine, parquet } from './fixture.ts';

class CountingConnections extends Connections {
  statements = 0;

  override async rows(...given: Parameters<Connections['rows']>): Promise<Rows> {
    this.statements++;
    return await super.rows(...given);
  }
}

test('footers are read once for each state of a file, also by another DuckDB', async () => {
  const path = await parquet('footers.parquet', 'SELECT range AS a FROM range(3)');
  const opened = async (): Promise<{ statements: number; rows: number | null; columns: readonly string[] }> => {
    const { instance, reporting } = await createLockedInstance({
      threads: 1,
      memoryBytes: 1e9,
      temporaryDirectory: folder,
      files: [path],
    });
    const connections = new CountingConnections(instance, reporting);
    try {
      const source = await ParquetSource.open(
        connections,
        path,
        await discover(path),
        { directory: folder, mirrorBytes: 0 },
        {},
      );
      const { rows, columns } = source.state();
      return { statements: connections.statements, rows, columns: columns.map(({ name }) => name) };
    } finally {
      await connections.close();
    }
  };
  const first = await opened();
  assert.ok(first.statements > 0);
  assert.deepEqual(await opened(), { ...first, statements: 0 });
  await parquet('footers.parquet', 'SELECT range AS a, range AS b FROM range(5)');
  utimesSync(path, 1, 1);
  assert.deepEqual(await opened(), { statements: first.statements, rows: 5, columns: ['a', 'b'] });
});

test('a footer that claims more elements than its bytes can hold is refused before DuckDB takes memory for them', async () => {
  const path = join(folder, 'claims.parquet');
  const magic = Buffer.from('PAR1');
  // The version, and a schema of 1,000 elements that are not there.
  const footer = Buffer.from([0x15, 2, 0x19, 0xfc, 0xe8, 0x07, 0, 0, 0, 0]);
  writeFileSync(path, Buffer.concat([magic, footer, Buffer.from([footer.length, 0, 0, 0]), magic]));
  const { code, message, place } = await failureOf(openedByEngine(path));
  assert.deepEqual(
    [code, render(message), place?.path],
    ['corrupt', 'The file is damaged: its metadata is not valid', path],
  );
});
