import { message } from '../../core/message/message.ts';
import { isFiltered } from '../../core/table/filter.ts';
import { digestRows } from '../digest/digestRows.ts';
import { compileFilter } from '../sql/filter.ts';
import type { Method } from './method.ts';

/** Digest of the rows of a filter. It does not depend on their order. */
export const digest: Method<'digest'> = async (sessions, { ref, view, columns }, context) => {
  const session = await sessions.get(ref, context);
  const { columns: all } = await session.source.settle(context);
  const where = isFiltered(view.filter) ? ` WHERE ${compileFilter(view.filter, all)}` : '';
  try {
    const found = await digestRows(
      `${session.source.relation()}${where}`,
      session.readableColumns(columns),
      async (sql) => await session.connections.long(sql, message('Computing the digest'), context),
    );
    await session.checkUnchanged();
    return found;
  } catch (error) {
    throw await session.failure(error);
  }
};
