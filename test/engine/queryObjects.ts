import { DuckDBInstance } from '@duckdb/node-api';

/** The rows of a query as objects, 64-bit integers as text. Times are in UTC. */
export async function queryObjects(select: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return await (await connection.run(select)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
