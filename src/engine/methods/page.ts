import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Page, Params } from '../../protocol/engine.ts';
import type { Rows, Work } from '../database/connections.ts';
import { PagePlan, inOrder, type Selections } from '../page/fetch.ts';
import type { OpenDataset } from '../tables/openDataset.ts';
import type { Selection } from '../source/source.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { isGrouped, viewSql } from '../view/order.ts';
import { isWhole } from '../view/views.ts';
import type { Method } from './method.ts';

/** Most rows of one page. */
const MAX_ROWS = 10_000;
/** Up to this position, a separate query is worthwhile while the view is still being computed. */
const FIRST_ROWS = 1_000;

export const page: Method<'page'> = async (datasets, request, context) => {
  const dataset = await datasets.get(request.ref, context);
  for (;;) {
    const { columns } = dataset.source.state();
    const plan = new PagePlan(dataset.columns(request.columns));
    const { rows, total } = await readRows(dataset, request, plan.selections, context);
    // The rest of a text file may change the type of a column that was inferred from its head. Then read the rows again
    // with the new types.
    if (dataset.source.state().columns === columns)
      return { first: request.first, count: rows.length, arrow: plan.encode(rows), rows: total } satisfies Page;
  }
};

function checkRange({ first, count }: Positions): void {
  if (!Number.isSafeInteger(first) || first < 0 || !Number.isSafeInteger(count) || count < 0 || count > MAX_ROWS) {
    throw fail('bad-request', message('Rows are read from row 0 or later, at most {0} at once', MAX_ROWS));
  }
}

type Positions = Pick<Params<'page'>, 'ref' | 'view' | 'first' | 'count'>;

/** Rows of a view, and the number of rows of the view if it is known. */
interface ReadRows {
  readonly rows: Rows;
  readonly total: number | null;
}

/** Rows of a view, by position. Each row starts with its source row number; the values of all selections follow. */
export async function readRows(
  dataset: OpenDataset,
  asked: Positions,
  [selection, ...others]: Selections,
  work: Work,
): Promise<ReadRows> {
  checkRange(asked);
  const positions = { ...asked, view: dataset.groups.plain(asked.view) };
  const { rows, total } = await readSelection(dataset, positions, selection, work);
  if (others.length === 0 || rows.length === 0) return { rows, total };
  const numbers = rows.map(([row]) => Number(row));
  const whole = rows.map((row) => [...row]);
  for (const other of others) {
    const more = await readMore(dataset, positions, numbers, other, work);
    more.forEach(([, ...values], k) => whole[k]?.push(...values));
  }
  return { rows: whole, total };
}

/** Values of another selection for the rows with these numbers. */
async function readMore(
  dataset: OpenDataset,
  { view, first }: Pick<Positions, 'view' | 'first'>,
  numbers: readonly number[],
  selection: Selection,
  work: Work,
): Promise<Rows> {
  const { source } = dataset;
  try {
    const found = isWhole(view)
      ? await source.range(first, numbers.length, selection, work)
      : await source.lookup(numbers, selection, work);
    return inOrder(found, numbers);
  } catch (error) {
    throw await dataset.failure(error);
  }
}

async function readSelection(
  dataset: OpenDataset,
  { ref, view, first, count }: Positions,
  selection: Selection,
  work: Work,
): Promise<ReadRows> {
  const { source, views } = dataset;
  try {
    if (isGrouped(view)) {
      await source.settle(work);
      const { wanted, total } = await dataset.members.positions(
        view,
        dataset.describe(ref).columns,
        { first, count },
        work,
      );
      return { rows: await readRowsAt(dataset, wanted, selection, work), total };
    }
    if (isWhole(view)) return { rows: await source.range(first, count, selection, work), total: source.state().rows };
    const known = views.known(view);
    if (known === null && first + count <= FIRST_ROWS) {
      const rows = await firstRows(dataset, { view, first, count }, selection, work);
      if (rows.length < count && first === 0) return { rows, total: rows.length };
      // One after the other: each uses all cores. The page is sent first, then the row order is needed.
      setImmediate(() => {
        void views.start(view).then((made) => made && view.sort.length > 0 && source.prepareLookup());
      });
      return { rows, total: views.known(view) };
    }
    const total = await views.rows(view, work);
    if (first >= total || count === 0) return { rows: [], total };
    const wanted = await views.positions(view, first, count, work);
    return { rows: await readRowsAt(dataset, wanted, selection, work), total };
  } catch (error) {
    throw await dataset.failure(error);
  }
}

async function readRowsAt(
  { source }: OpenDataset,
  wanted: readonly number[],
  selection: Selection,
  work: Work,
): Promise<Rows> {
  if (wanted.length === 0) return [];
  if (isScattered(wanted)) source.prepareLookup();
  return inOrder(await source.lookup(wanted, selection, work), wanted);
}

/**
 * The first rows of a view through a separate query, long before all rows are known. It is a Top-N for a sort, and a
 * scan that ends early for a filter.
 */
async function firstRows(
  dataset: OpenDataset,
  { view, first, count }: Omit<Positions, 'ref'>,
  selection: Selection,
  work: Work,
): Promise<Rows> {
  const { source } = dataset;
  const { columns } = await source.settle(work);
  const sql = viewSql(view, columns, source.rowColumn);
  const row = quoteIdentifier(source.rowColumn);
  const found = await dataset.connections.rows(
    `SELECT ${row} FROM ${source.relation()} WHERE ${sql.where} ${sql.orderBy} LIMIT ${count} OFFSET ${first}`,
    work,
  );
  const wanted = found.map((r) => Number(r[0]));
  return wanted.length === 0 ? [] : inOrder(await source.lookup(wanted, selection, work), wanted);
}

function isScattered(rows: readonly number[]): boolean {
  const span = rows.reduce((max, r) => Math.max(max, r), 0) - rows.reduce((min, r) => Math.min(min, r), Infinity);
  return span > 1_000_000;
}
