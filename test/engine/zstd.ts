import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

let serial = 0;

/** Compresses text as Zstandard by DuckDB's CSV writer: Node 20 cannot. One line of text a row; the text ends with a line break. */
export async function zstdCompress(content: string, folder: string): Promise<Uint8Array> {
  const path = join(folder, `zstd-${serial++}.zst`);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const lines = content.replace(/\n$/, '').split('\n').map((line) => `('${line.replaceAll("'", "''")}')`);
    await connection.run(`COPY (SELECT * FROM (VALUES ${lines.join(', ')})) TO '${path}' (FORMAT csv, HEADER false, DELIM E'\\x01', QUOTE '', ESCAPE '', COMPRESSION zstd)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return readFileSync(path);
}
