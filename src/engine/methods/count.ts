import { isFiltered } from '../../core/table/filter.ts';
import { numberIn } from '../database/numberIn.ts';
import type { Method } from './method.ts';
import { compileFilter } from '../sql/filter.ts';

/** Number of rows of a view, and of each condition alone (the expression last), to explain an empty result. */
export const count: Method<'count'> = async (datasets, { ref, view }, context) => {
  const dataset = await datasets.get(ref, context);
  const { columns, rows } = await dataset.source.settle(context);
  const { conditions, expression } = view.filter;
  if (!isFiltered(view.filter)) return { rows: rows ?? 0, alone: [] };
  const alone = [
    ...conditions.map((c) => ({ conditions: [c], expression: '' })),
    ...(expression.trim() === '' ? [] : [{ conditions: [], expression }]),
  ];
  try {
    if (alone.length === 1) {
      const [row] = await dataset.connections.rows(
        `SELECT count(*) FROM ${dataset.source.relation()} WHERE ${compileFilter(view.filter, columns)}`,
        context,
      );
      const total = numberIn(row);
      return { rows: total, alone: [total] };
    }
    const counts = [view.filter, ...alone].map((f) => `count(*) FILTER (WHERE ${compileFilter(f, columns)})`);
    const [row] = await dataset.connections.rows(
      `SELECT ${counts.join(', ')} FROM ${dataset.source.relation()}`,
      context,
    );
    const [total = 0, ...each] = (row ?? []).map(Number);
    return { rows: total, alone: each };
  } catch (error) {
    throw await dataset.failure(error);
  }
};
