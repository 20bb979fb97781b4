import { fail } from '../../core/report/failure.ts';
import { message } from '../../core/report/message.ts';
import type { View } from '../../core/table/filter.ts';
import { unreadableMessage } from '../../core/table/type.ts';
import type { SourceColumn } from '../source/source.ts';
import { compileFilter } from '../sql/filter.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** SQL of a view: which rows (`where`), and the clause that puts them in order. */
export interface ViewSql {
  readonly where: string;
  /**
   * Ends with the row number, so that ties keep the file's order. Empty without sort keys: DuckDB keeps the order of the rows it reads, and a
   * LIMIT then ends the scan as soon as it has its rows, where an ORDER BY would read them all.
   */
  readonly orderBy: string;
}

/** @throws FailureError `bad-filter` */
export function viewSql(view: View, columns: readonly SourceColumn[], rowColumn: string): ViewSql {
  const where = compileFilter(view.filter, columns);
  const keys = view.sort.map((key) => {
    const column = columns.find((c) => c.name === key.column);
    if (column === undefined)
      throw fail('bad-request', message('There is no column named {0} to sort by', key.column), {
        place: { column: key.column },
      });
    const unreadable = unreadableMessage(column);
    if (unreadable !== null) throw fail('bad-request', unreadable, { place: { column: key.column } });
    return `${quoteIdentifier(column.name)} ${key.descending ? 'DESC' : 'ASC'} NULLS LAST`;
  });
  return { where, orderBy: keys.length === 0 ? '' : `ORDER BY ${[...keys, quoteIdentifier(rowColumn)].join(', ')}` };
}
