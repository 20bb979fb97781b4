import type { FailureError } from '../../../core/message/failure.ts';
import { message, type Message } from '../../../core/message/message.ts';
import { keySeparator, separatorFailure } from '../../../core/sampling/key.ts';
import { IntegerIds, StringIds } from '../../../core/sampling/world/idTexts.ts';
import type { NamedItems } from '../../../core/sampling/world/world.ts';
import type { Work } from '../../database/connections.ts';
import { fitsInt64 } from '../../database/fitsInt64.ts';
import { md5Word } from '../../sql/md5.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { itemNumbers, type SampledTables } from '../sampledTables.ts';
import { swapWords } from '../wordsAt.ts';
import { microseconds } from './within.ts';
import { refuseDuplicates } from './duplicates.ts';
import type { NumberedItems } from './itemNumbers.ts';

/** All items of the corpus and the logs, in pool order. */
export interface LoadedItems extends NamedItems {
  /** 1 for corpus items that pass `data.items.where`. Without a corpus, 1 for all items. */
  readonly listed: Uint8Array;
  readonly kind: 'integer' | 'string';
  /** Type of the ids. */
  readonly sqlType: string;
  /** Rows that do not fit or were dropped, of all data sets. */
  readonly notices: readonly Message[];
}

/**
 * Loads the numbered items.
 * @throws FailureError if an item has two rows, or an id contains the separator of keys
 */
export async function loadItems(
  sampled: SampledTables,
  { count, sqlType, notices }: NumberedItems,
  work: Work,
): Promise<LoadedItems> {
  const { tables } = sampled;
  const corpus = sampled.corpus();
  const times = sampled.corpusTimes();
  const text = 'CAST(n.item AS VARCHAR)';
  const integers = fitsInt64(sqlType);
  const from = corpus === null ? `${itemNumbers} n` : `${itemNumbers} n LEFT JOIN ${corpus} c ON c.item = n.item`;
  const created =
    corpus === null
      ? '-1e999'
      : `CASE WHEN c.item IS NULL THEN 1e999 ELSE ${times.has('created') ? `coalesce(${microseconds('c.created')}, -1e999)` : '-1e999'} END`;
  const removed =
    corpus !== null && times.has('removed') ? `coalesce(${microseconds('c."removed@to"')}, 1e999)` : '1e999';
  const rows = await tables.columnar(
    `SELECT item, word, created, removed, listed FROM (
      SELECT n.number AS number, ${integers ? 'CAST(n.item AS BIGINT)' : text} AS item, ${md5Word(text)} AS word, CAST(${created} AS DOUBLE) AS created, CAST(${removed} AS DOUBLE) AS removed,
        ${corpus === null ? 'true' : 'coalesce(c.listed, false)'} AS listed FROM ${from}) ORDER BY number`,
    message('Reading the items'),
    work,
  );
  // The join has one row per corpus row. More rows than items mean that an item has several rows.
  if (corpus !== null && rows.rows > count) await refuseDuplicates(sampled, corpus, work);
  const texts = integers ? null : rows.texts(0).map((one) => one ?? '');
  const kind = sqlType === 'VARCHAR' ? 'string' : 'integer';
  const separated = kind === 'string' ? texts?.find((one) => one.includes(keySeparator)) : undefined;
  if (separated !== undefined) throw await refusedId(sampled, separated, work);
  return {
    count: rows.rows,
    texts: texts === null ? new IntegerIds(rows.words(0)) : new StringIds(texts),
    hashWords: swapWords(rows.words(1)),
    created: rows.numbers(2),
    removed: rows.numbers(3),
    listed: rows.flags(4),
    kind,
    sqlType,
    notices,
  };
}

/** The failure for an id that contains the separator of keys, with the first file that has it. */
async function refusedId(sampled: SampledTables, item: string, work: Work): Promise<FailureError> {
  const { tables, data } = sampled;
  const sources = [
    [data.items, sampled.corpus()],
    [data.log.impressions, sampled.exposures()],
    [data.candidates, sampled.candidates()],
    [data.rejections, sampled.rejections()],
  ] as const;
  for (const [table, source] of sources) {
    if (!table || source === null) continue;
    const [found] = await tables.rows(`SELECT 1 FROM ${source} WHERE item = ${quoteLiteral(item)} LIMIT 1`, work);
    if (found) return separatorFailure(item, { path: table.ref.path, column: table.columns.item.name });
  }
  return separatorFailure(item);
}
