import type { Connections, Work } from '../database/connections.ts';
import { logicalType } from '../database/logicalType.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';

/** Columns of a query, without reading its rows. */
export async function describe(connections: Connections, sql: string, work: Work): Promise<SourceColumn[]> {
  return await connections.use(async (connection) => {
    const result = await connection.run(`SELECT * FROM ${sql} LIMIT 0`);
    const types = result.columnTypes();
    return result.columnNames().map((name, k) => {
      const type = types[k];
      if (type === undefined) throw new Error(`no type for column ${name}`);
      return { name, type: logicalType(type), sqlType: type.toString(), partition: false };
    });
  }, work);
}
