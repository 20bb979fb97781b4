import { message } from '../../../core/message/message.ts';
import type { Where } from '../../../core/source/where.ts';
import { u32At } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { textColumn } from '../columnNames.ts';
import { itemNumbers, type SampledTables } from '../sampledTables.ts';

/** Corpus items grouped by equal attributes. */
export interface Matches {
  /** Several attributes are joined as `a, b`. Ordered by UTF-8 bytes. */
  readonly names: readonly string[];
  /** Index into `names` by item; -1 if an attribute is NULL or the item is not in the corpus. */
  readonly ofItem: Int32Array;
}

export async function loadMatches(
  sampled: SampledTables,
  attributes: readonly string[],
  items: number,
  work: Work,
): Promise<Matches> {
  const ofItem = new Int32Array(items).fill(-1);
  const corpus = sampled.corpus({ texts: attributes });
  if (corpus === null) return { names: [], ofItem };
  const columns = attributes.map((name) => `c.${quoteIdentifier(textColumn(name))}`);
  const rows = await sampled.tables.columnar(
    `SELECT n.number, ${columns.join(', ')} FROM ${corpus} c JOIN ${itemNumbers} n ON n.item = c.item WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')}
      ORDER BY ${columns.join(', ')}`,
    message('Reading the items'),
    work,
  );
  const numbers = rows.unsigned(0);
  const texts = attributes.map((_, k) => rows.texts(k + 1));
  const names: string[] = [];
  for (let row = 0; row < rows.rows; row++) {
    if (row === 0 || texts.some((column) => column[row] !== column[row - 1]))
      names.push(texts.map((column) => column[row]).join(', '));
    ofItem[u32At(numbers, row)] = names.length - 1;
  }
  return { names, ofItem };
}

/** 1 for corpus items that fulfill a condition. */
export async function loadHolding(
  sampled: SampledTables,
  where: Where,
  items: number,
  work: Work,
): Promise<Uint8Array> {
  const holding = new Uint8Array(items);
  const corpus = sampled.corpus({ where });
  if (corpus === null) return holding;
  const rows = await sampled.tables.columnar(
    `SELECT n.number FROM ${corpus} c JOIN ${itemNumbers} n ON n.item = c.item WHERE c.holds`,
    message('Reading the items'),
    work,
  );
  for (const number of rows.unsigned(0)) holding[number] = 1;
  return holding;
}
