import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { View } from '../../core/table/filter.ts';
import { unreadableMessage } from '../../core/table/type.ts';
import type { SourceColumn } from '../source/source.ts';
import { compileFilter } from '../sql/filter.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** SQL of a view: the row condition (`where`) and the ORDER BY clause. */
export interface ViewSql {
  readonly where: string;
  /**
   * Ends with the row number, so that ties keep the order of the file. Empty without sort keys, because DuckDB keeps
   * the order in which it reads rows. A LIMIT then ends the scan early; with an ORDER BY, all rows would be read.
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
