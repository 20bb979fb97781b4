import { withConnection } from './testDatabase.ts';

/** The rows of a query as objects, 64-bit integers as text. Times are in UTC. */
export async function queryObjects(select: string): Promise<Record<string, unknown>[]> {
  return await withConnection(async (connection) => {
    return await (await connection.run(select)).getRowObjectsJson();
  });
}
