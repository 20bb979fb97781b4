import { fail } from '../../core/report/failure.ts';
import { message } from '../../core/report/message.ts';
import type { Page, PageRequest } from '../../protocol/engine.ts';
import type { Rows, Work } from '../database/connections.ts';
import { PagePlan, inOrder } from '../page/fetch.ts';
import type { Session } from '../session.ts';
import type { Selection } from '../source/source.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { viewSql } from '../view/order.ts';
import { isWhole } from '../view/views.ts';
import type { Method } from './method.ts';

/** Most rows of one page. */
const MAX_ROWS = 10_000;
/** Positions that are worth a query of their own while the view is being made. */
const FIRST_ROWS = 1_000;

export const page: Method<'page'> = async (sessions, request, context) => {
  checkRange(request);
  const session = await sessions.get(request.ref, context);
  for (;;) {
    const { columns } = session.source.state();
    const plan = new PagePlan(session.columns(request.columns));
    const { rows, total } = await readRows(session, request, plan.selection, context);
    // The rest of a text file may give a column another type than its head did: then the rows are read again by the types of now.
    if (session.source.state().columns === columns) return { first: request.first, count: rows.length, arrow: plan.encode(rows), rows: total } satisfies Page;
  }
};

function checkRange({ first, count }: PageRequest): void {
  if (!Number.isSafeInteger(first) || first < 0 || !Number.isSafeInteger(count) || count < 0 || count > MAX_ROWS) {
    throw fail('bad-request', message('A page starts at row 0 or later and has at most {0} rows', MAX_ROWS));
  }
}

/** Rows of a view at positions; each starts with its source row number. `total` is the number of rows of the view where known. */
export async function readRows(session: Session, { view, first, count }: Pick<PageRequest, 'view' | 'first' | 'count'>, selection: Selection, work: Work): Promise<{ rows: Rows; total: number | null }> {
  const { source, views } = session;
  try {
    if (isWhole(view)) return { rows: await source.range(first, count, selection, work), total: source.state().rows };
    const known = views.known(view);
    if (known === null && first + count <= FIRST_ROWS) {
      const rows = await firstRows(session, { view, first, count }, selection, work);
      if (rows.length < count && first === 0) return { rows, total: rows.length };
      // One after the other: both use all cores, and the order of the rows is wanted first.
      void views.start(view).then((made) => made && view.sort.length > 0 && source.prepareLookup());
      return { rows, total: views.known(view) };
    }
    const total = await views.rows(view, work);
    if (first >= total || count === 0) return { rows: [], total };
    const wanted = await views.positions(view, first, count, work);
    if (isScattered(wanted)) source.prepareLookup();
    return { rows: inOrder(await source.lookup(wanted, selection, work), wanted), total };
  } catch (error) {
    throw await session.failure(error);
  }
}

/** The first rows of a view by a query of their own (a Top-N for a sort, a scan that ends early for a filter), long before all of its rows are known. */
async function firstRows(session: Session, { view, first, count }: Pick<PageRequest, 'view' | 'first' | 'count'>, selection: Selection, work: Work): Promise<Rows> {
  const { source } = session;
  const { columns } = await source.settle(work);
  const sql = viewSql(view, columns, source.rowColumn);
  const row = quoteIdentifier(source.rowColumn);
  const found = await session.connections.rows(`SELECT ${row} FROM ${source.relation()} WHERE ${sql.where} ${sql.orderBy} LIMIT ${count} OFFSET ${first}`, work);
  const wanted = found.map((r) => Number(r[0]));
  return wanted.length === 0 ? [] : inOrder(await source.lookup(wanted, selection, work), wanted);
}

function isScattered(rows: readonly number[]): boolean {
  const span = rows.reduce((max, r) => Math.max(max, r), 0) - rows.reduce((min, r) => Math.min(min, r), Infinity);
  return span > 1_000_000;
}
