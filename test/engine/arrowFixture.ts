import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isValid, type Column } from '../../src/engine/ipc/column.ts';
import { Expansion } from '../../src/engine/files/expansion.ts';
import { IpcFile } from '../../src/engine/ipc/ipcFile.ts';
import { folder } from './fixture.ts';

export const fixtures = join(import.meta.dirname, '../fixtures/arrow');

/** A copy of a file that pyarrow wrote (test/fixtures/arrow/make.py). */
export function fixture(name: string): string {
  const path = join(folder, name);
  copyFileSync(join(fixtures, name), path);
  return path;
}

/** Values as texts, to compare columns. */
function values(column: Column): unknown[] {
  return Array.from({ length: column.count }, (_, k) => {
    if (!isValid(column.valid, k)) return null;
    if (column.kind === 'struct') return column.fields.map((field) => values(field)[k]);
    if (column.kind === 'fixed')
      return Buffer.from(column.data.subarray(k * column.width, (k + 1) * column.width)).toString('hex');
    const [from, length] = [column.starts[k] ?? 0, column.lengths[k] ?? 0];
    return column.kind === 'bytes'
      ? Buffer.from(column.data.subarray(from, from + length)).toString('hex')
      : values(column.items).slice(from, from + length);
  });
}

/** All values of a file by column, read without DuckDB. */
export async function read(path: string, limits?: Parameters<typeof IpcFile.open>[3]): Promise<unknown[][]> {
  const source = { path, realPath: path, bytes: readFileSync(path).length, modified: 0, partition: {} };
  const layout = await IpcFile.layout(source, {});
  const reader = await IpcFile.open(source, folder, new Expansion(path, source.bytes), limits);
  const rows: unknown[][] = layout.schema.fields.map(() => []);
  try {
    for await (const { columns } of reader.slices(layout, [...layout.schema.fields.keys()]))
      columns.forEach((column, k) => rows[k]?.push(...values(column)));
  } finally {
    await reader.close();
  }
  return rows;
}
