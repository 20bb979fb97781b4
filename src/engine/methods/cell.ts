import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { exactText } from '../sql/cellText.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Method } from './method.ts';
import { readRows } from './page.ts';

/** Reads a part of one cell with SQL, so a cell of 100 MB is never loaded completely into this process. */
export const cell: Method<'cell'> = async (datasets, { ref, view, row, column, offset, limit }, context) => {
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(limit) || limit < 0) {
    throw fail('bad-request', message('The part of a cell must start at character 0 or later'));
  }
  const dataset = await datasets.get(ref, context);
  const [only] = dataset.readableColumns([column]);
  if (only === undefined) throw fail('bad-request', message('There is no column {0}', column));
  const text = exactText(quoteIdentifier(only.name), only.type);
  const selection = { columns: [only.name], sql: [`substring(${text}, ${offset + 1}, ${limit})`, `length(${text})`] };
  const { rows } = await readRows(dataset, { ref, view, first: row, count: 1 }, [selection], context);
  const found = rows[0];
  if (found === undefined) throw fail('bad-request', message('There is no row {0}', row + 1));
  const [, part, length] = found;
  return { text: part === null || part === undefined ? null : String(part), length: Number(length ?? 0) };
};
