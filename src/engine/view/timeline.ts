import type { Column } from '../../core/table/dataset.ts';
import type { Filter } from '../../core/table/filter.ts';
import { timeColumn } from '../../core/table/grouping.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { timeUnits, type Timeline, type TimeUnit } from '../../core/table/timeline.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { Connections, Work } from '../database/connections.ts';
import { numberIn, optionalNumberIn, textIn } from '../database/numberIn.ts';
import type { Source } from '../source/source.ts';
import { compileFilter } from '../sql/filter.ts';
import { labelSql } from '../sql/label.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** Most bars of a time line. With finer units, a bar would be thinner than a pixel. */
const mostBars = 1_000;
/** Most bands above the bars. */
const mostBands = 6;
const seconds: Readonly<Record<TimeUnit, number>> = { hour: 3600, day: 86_400, month: 2_592_000, year: 31_536_000 };

/** Rows of a filter by time: hours if they fit, otherwise days, months or years. */
export async function timelineOf(
  connections: Connections,
  source: Source,
  roles: readonly Pick<Column, 'name' | 'type' | 'role'>[],
  filter: Filter,
  work: Work,
): Promise<Timeline> {
  const { columns } = await source.settle(work);
  const name = timeColumn(roles);
  const column = columns.find((one) => one.name === name);
  if (column === undefined) throw fail('bad-request', message('There is no column of timestamps or dates'));
  const quoted = quoteIdentifier(column.name);
  const isZoned = column.type.kind === 'timestamp' && column.type.zoned;
  const time = isZoned ? `(${quoted} AT TIME ZONE 'UTC')` : `CAST(${quoted} AS TIMESTAMP)`;
  const label = roles.find(({ role }) => role?.role === 'label');
  const labels = label === undefined ? null : labelSql(label.name, label.type);
  const rows = `(SELECT ${time} AS t, isfinite(${quoted}) AS finite, ${labels?.isPositive ?? 'NULL'} AS p, ${labels?.isOther ?? 'FALSE'} AS other
    FROM ${source.relation()} WHERE ${compileFilter(filter, columns)})`;
  const text = message('Counting rows by time');
  const [ends] = await connections.rows(
    `SELECT epoch(min(t) FILTER (WHERE finite)), epoch(max(t) FILTER (WHERE finite)),
      count(*) - count(*) FILTER (WHERE finite), coalesce(bool_or(other), FALSE) FROM ${rows}`,
    work,
  );
  const first = optionalNumberIn(ends, 0);
  const last = optionalNumberIn(ends, 1);
  const timeless = numberIn(ends, 2);
  if (first === null || last === null) return { unit: 'hour', bars: [], bands: [], timeless };
  const isDate = column.type.kind === 'date';
  const unit =
    timeUnits.find((one) => !(isDate && one === 'hour') && (last - first) / seconds[one] < mostBars) ?? 'year';
  const hasLabels = labels !== null && valueAt(ends ?? [], 3) !== true;
  const found = await connections.long(
    `SELECT strftime(start, '%Y-%m-%d %H:%M:%S'), n, p FROM (
      SELECT date_trunc('${unit}', t) AS start, count(*) AS n, ${hasLabels ? 'count(*) FILTER (WHERE p)' : 'NULL'} AS p
        FROM ${rows} WHERE finite GROUP BY start) ORDER BY start`,
    text,
    work,
  );
  return {
    unit,
    bars: found.map((row) => ({
      at: textIn(row) ?? '',
      rows: numberIn(row, 1),
      positives: optionalNumberIn(row, 2),
    })),
    bands: await bandsOf(connections, source, roles, time, quoted, work),
    timeless,
  };
}

/** The splits of all rows: they are the same for every filter. */
async function bandsOf(
  connections: Connections,
  source: Source,
  roles: readonly Pick<Column, 'name' | 'type' | 'role'>[],
  time: string,
  column: string,
  work: Work,
): Promise<Timeline['bands']> {
  const split = roles.find(({ role, type }) => role?.role === 'split' && type.kind !== 'unreadable');
  if (split === undefined) return [];
  const rows = await connections.rows(
    `SELECT s, strftime(min(t), '%Y-%m-%d %H:%M:%S'), strftime(max(t), '%Y-%m-%d %H:%M:%S')
      FROM (SELECT CAST(${quoteIdentifier(split.name)} AS VARCHAR) AS s, ${time} AS t FROM ${source.relation()} WHERE isfinite(${column}))
      WHERE s IS NOT NULL GROUP BY s ORDER BY min(t), s LIMIT ${mostBands + 1}`,
    work,
  );
  if (rows.length > mostBands) return [];
  return rows.map((row) => ({ split: textIn(row) ?? '', from: textIn(row, 1) ?? '', to: textIn(row, 2) ?? '' }));
}
