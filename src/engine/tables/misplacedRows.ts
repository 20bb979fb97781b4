import type { AskedTable } from '../../protocol/askedTable.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { roleTable } from './roleTable.ts';
import type { OpenTable } from './tables.ts';

/**
 * SQL of the rows that are more than a day away from the day of their folder, as a FROM item. Columns: `time` and
 * `folder`, the value of the folder. Null if the column is not one of the folder names.
 */
export function misplacedRows(
  table: OpenTable,
  asked: AskedTable<'time'>,
  folder: string,
  timezone: string,
): string | null {
  const isFolder = table.columns.some(({ name, partition }) => partition && name === folder);
  if (!isFolder) return null;
  const { ref, columns, where, days } = asked;
  const timed: AskedTable<'time'> = {
    ref,
    columns: { time: columns.time },
    ...(where ? { where } : {}),
    ...(days ? { days } : {}),
  };
  const rows = roleTable(table, timed, { timezone, more: { folder: quoteIdentifier(folder) } });
  const day = `CASE WHEN regexp_full_match(folder, '\\d{4}-?\\d{2}-?\\d{2}') THEN CAST(try_strptime(replace(folder, '-', ''), '%Y%m%d') AS DATE) END`;
  const local = `CAST((time AT TIME ZONE 'UTC') AT TIME ZONE ${quoteLiteral(timezone)} AS DATE)`;
  return `(SELECT * FROM (SELECT *, ${day} AS day FROM ${rows} WHERE time IS NOT NULL AND isfinite(time)) WHERE abs(date_diff('day', day, ${local})) > 1)`;
}
