import { message } from '../../core/message/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import type { Connections, Work } from '../database/connections.ts';

/** Digits of the widest decimal type of DuckDB. */
export const MAX_PRECISION = 38;

/**
 * Times that DuckDB reads with fewer digits than the file has: nanoseconds with a zone and INT96 become microseconds.
 * `files` is an SQL list of paths.
 */
export async function narrowedColumns(connections: Connections, files: string, work: Work): Promise<Notice[]> {
  const found = await connections.rows(
    `SELECT name FROM parquet_schema(${files}) WHERE type = 'INT96' OR logical_type LIKE 'TimestampType(isAdjustedToUTC=1%NANOS=NanoSeconds%' GROUP BY name ORDER BY min(column_id), name`,
    work,
  );
  return found.map(([name]): Notice => ({
    severity: 'warning',
    code: 'limit',
    message: message(
      'Column {0} is stored in nanoseconds but read in microseconds. Finer digits are cut off',
      String(name),
    ),
  }));
}
