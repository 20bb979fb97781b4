import { isFiltered } from '../../core/table/filter.ts';
import type { Method } from './method.ts';
import { compileFilter } from '../sql/filter.ts';

/** Number of rows of a view, and of each condition alone (the expression last), to explain an empty result. */
export const count: Method<'count'> = async (sessions, { ref, view }, context) => {
  const session = await sessions.get(ref, context);
  const { columns, rows } = await session.source.settle(context);
  const { conditions, expression } = view.filter;
  if (!isFiltered(view.filter)) return { rows: rows ?? 0, alone: [] };
  const alone = [
    ...conditions.map((c) => ({ conditions: [c], expression: '' })),
    ...(expression.trim() === '' ? [] : [{ conditions: [], expression }]),
  ];
  try {
    if (alone.length === 1) {
      const [row] = await session.connections.rows(
        `SELECT count(*) FROM ${session.source.relation()} WHERE ${compileFilter(view.filter, columns)}`,
        context,
      );
      const total = Number(row?.[0] ?? 0);
      return { rows: total, alone: [total] };
    }
    const counts = [view.filter, ...alone].map((f) => `count(*) FILTER (WHERE ${compileFilter(f, columns)})`);
    const [row] = await session.connections.rows(
      `SELECT ${counts.join(', ')} FROM ${session.source.relation()}`,
      context,
    );
    const [total = 0, ...each] = (row ?? []).map(Number);
    return { rows: total, alone: each };
  } catch (error) {
    throw await session.failure(error);
  }
};
