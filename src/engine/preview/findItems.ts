import { message } from '../../core/message/message.ts';
import type { FoundItem, ItemsRequest } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { textColumn } from '../inputs/columnNames.ts';
import { itemNumbers } from '../inputs/sampledTables.ts';
import type { Sampling } from './openSamplingData.ts';

/** Finds items of the corpus and of the logs by id or title. */
export async function findItems(
  { plan, text, limit, named = false }: ItemsRequest,
  { data, sampled }: Sampling,
  work: Work,
): Promise<FoundItem[]> {
  // It numbers the items.
  await data.worlds.world(sampled, plan, work);
  const wanted = quoteLiteral(text);
  if (named) {
    const sql = `SELECT 1 FROM ${itemNumbers} WHERE CAST(item AS VARCHAR) = ${wanted} LIMIT 1`;
    if ((await sampled.tables.rows(sql, work)).length > 0) return [{ item: text, title: null }];
  }
  const column = sampled.data.items?.title ?? null;
  const corpus = column === null ? null : sampled.corpus({ texts: [column] });
  const title = corpus === null || column === null ? 'NULL' : `c.${quoteIdentifier(textColumn(column))}`;
  const rows = await sampled.tables.columnar(
    `SELECT id, title FROM (SELECT CAST(n.item AS VARCHAR) AS id, CAST(${title} AS VARCHAR) AS title, n.number FROM ${itemNumbers} n${corpus === null ? '' : ` LEFT JOIN ${corpus} c ON c.item = n.item`})
      WHERE starts_with(id, ${wanted}) OR contains(lower(title), lower(${wanted}))
      ORDER BY id = ${wanted} DESC, coalesce(lower(title) = lower(${wanted}), false) DESC, coalesce(starts_with(lower(title), lower(${wanted})), false) DESC, number
      LIMIT ${Math.max(0, Math.floor(limit))}`,
    message('Looking for items'),
    work,
  );
  const titles = rows.texts(1);
  return rows.texts(0).map((item, row) => ({ item: item ?? '', title: titles[row] ?? null }));
}
