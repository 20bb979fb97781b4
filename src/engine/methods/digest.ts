import { message } from '../../core/message/message.ts';
import { isFiltered } from '../../core/table/filter.ts';
import { digestRows } from '../digest/digestRows.ts';
import { compileFilter } from '../sql/filter.ts';
import type { Method } from './method.ts';

/** Digest of the rows of a filter. It does not depend on their order. */
export const digest: Method<'digest'> = async (datasets, { ref, view, columns }, context) => {
  const dataset = await datasets.get(ref, context);
  const { columns: all } = await dataset.source.settle(context);
  const where = isFiltered(view.filter) ? ` WHERE ${compileFilter(view.filter, all)}` : '';
  try {
    const found = await digestRows(
      `${dataset.source.relation()}${where}`,
      dataset.readableColumns(columns),
      async (sql) => await dataset.connections.long(sql, message('Computing the digest'), context),
    );
    await dataset.checkUnchanged();
    return found;
  } catch (error) {
    throw await dataset.failure(error);
  }
};
