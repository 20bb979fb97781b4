import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { OpenDataset } from '../tables/openDataset.ts';
import type { Work } from '../database/connections.ts';
import { PagePlan, inOrder, type Selections } from '../page/fetch.ts';
import { isGrouped } from '../view/order.ts';
import { isWhole } from '../view/views.ts';
import type { Method } from './method.ts';

/** Most groups of one answer. */
const mostHeads = 1_000;

/** The groups of a grouped view: their counts, and values of one row of each. */
export const groups: Method<'groups'> = async (datasets, { ref, view, first, count, columns }, context) => {
  if (count > mostHeads) throw fail('bad-request', message('At most {0} groups can be read at once', mostHeads));
  if (!isGrouped(view)) throw fail('bad-request', message('The view has no groups'));
  const dataset = await datasets.get(ref, context);
  await dataset.source.settle(context);
  try {
    const counted = await dataset.groups.heads(view, dataset.describe(ref).columns, { first, count }, context);
    const plan = new PagePlan(dataset.columns(columns));
    const numbers = counted.heads.map(({ row }) => row);
    const rows = await leadRows(dataset, numbers, plan.selections, context);
    // A group that is opened next needs the rows that the filter keeps. The heads are sent first.
    const plain = dataset.groups.plain(view);
    if (!isWhole(plain) && !isGrouped(plain)) setImmediate(() => void dataset.views.start(plain));
    const { groups, sources, heads } = counted;
    return { groups, sources, heads, first, arrow: plan.encode(rows) };
  } catch (error) {
    throw await dataset.failure(error);
  }
};

async function leadRows(
  { source }: OpenDataset,
  numbers: readonly number[],
  [selection, ...others]: Selections,
  work: Work,
): ReturnType<OpenDataset['source']['lookup']> {
  if (numbers.length === 0) return [];
  const rows = inOrder(await source.lookup(numbers, selection, work), numbers).map((row) => [...row]);
  for (const other of others) {
    const more = inOrder(await source.lookup(numbers, other, work), numbers);
    more.forEach(([, ...values], k) => rows[k]?.push(...values));
  }
  return rows;
}
