import { writeFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import ddb from '@duckdb/node-bindings';
import { ArrowFile } from '../../src/core/table/arrowFile.ts';
import { columnBuilder } from '../../src/engine/arrow/columnBuilder.ts';
import { logicalType } from '../../src/engine/database/logicalType.ts';

/** Writes the rows of a query as an Arrow file with the writer of sample files. */
export async function writeArrow(
  connection: DuckDBConnection,
  select: string,
  path: string,
  batchRows = 2048,
): Promise<void> {
  const result = await connection.run(select);
  const types = result.columnTypes().map(logicalType);
  const file = new ArrowFile(
    result.columnNames().map((name, k) => ({ name, type: types[k] ?? { kind: 'string' } })),
    {},
  );
  const pieces: Uint8Array[] = [];
  const builders = types.map(columnBuilder);
  let held = 0;
  const flush = (): void => {
    const columns = builders.map((builder) => builder.column());
    if (held > 0) pieces.push(...file.batch(columns, held).map((bytes) => Uint8Array.from(bytes)));
    for (const builder of builders) builder.clear();
    held = 0;
  };
  for (const chunk of await result.fetchAllChunks()) {
    for (let from = 0; from < chunk.rowCount;) {
      const count = Math.min(batchRows - held, chunk.rowCount - from);
      builders.forEach((builder, k) => {
        builder.append(ddb.data_chunk_get_vector(chunk.chunk, k), from, count);
      });
      held += count;
      from += count;
      if (held === batchRows) flush();
    }
  }
  flush();
  pieces.push(...file.end());
  writeFileSync(path, Buffer.concat(pieces));
}
