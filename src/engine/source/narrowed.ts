import { message } from '../../core/report/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import type { Connections, Work } from '../database/connections.ts';

/** Digits of the widest decimal that DuckDB has. */
const MAX_PRECISION = 38;

/**
 * What DuckDB reads with fewer digits than the file has: times in nanoseconds with a zone and INT96 become microseconds, decimals beyond
 * 38 digits become doubles. `files` is a list of paths as SQL.
 */
export async function narrowedColumns(connections: Connections, files: string, work: Work): Promise<Notice[]> {
  const found = await connections.rows(
    `SELECT name, max(precision) FROM parquet_schema(${files}) WHERE type = 'INT96' OR precision > ${MAX_PRECISION} OR logical_type LIKE 'TimestampType(isAdjustedToUTC=1%NANOS=NanoSeconds%' GROUP BY name ORDER BY min(column_id), name`, work);
  return found.map(([name, precision]): Notice => {
    const column = String(name);
    const text = Number(precision ?? 0) > MAX_PRECISION
      ? message('Column {0} is a decimal of {1} digits; it is read as a double, which keeps about 16', column, Number(precision))
      : message('Column {0} is stored in nanoseconds; it is read in microseconds, finer digits are cut off', column);
    return { severity: 'warning', code: 'limit', message: text };
  });
}
