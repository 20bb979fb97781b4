import type { Answers } from '../../core/data/facts.ts';
import { message } from '../../core/message/message.ts';
import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { f64At } from '../../core/valueAt.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import { sampleForm, sampleTable } from '../answers/samples.ts';
import { recordedSplit } from '../answers/splitTimes.ts';
import { userRate } from '../answers/userRates.ts';
import type { Work } from '../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { matchingAuditCounts } from '../tables/askedCounts.ts';
import type { CountedSample } from '../tables/countedSample.ts';
import { columnOf } from '../tables/roleTable.ts';
import { entryRole, nameColumn, type NameColumn } from '../tables/rowNames.ts';
import type { Tables } from '../tables/tables.ts';
import { plainIntegers } from './fileRows.ts';

/** Negatives of a file by item and entry name. Rows of one item follow each other. */
export interface FileItems {
  readonly item: readonly (string | null)[];
  readonly name: readonly (string | null)[];
  readonly rows: Float64Array;
  readonly split: 'train' | 'eval' | null;
  readonly largest: Answers['item-distances']['largest'];
}

export async function readFileItems(
  tables: Tables,
  { samples, timezone }: AskedQuestion<'item-distances'>,
  work: Work,
): Promise<FileItems> {
  const { type, sqlType } = columnOf(sampleForm(tables, samples), samples.columns.item.name);
  // Converting every row to text dominates the cost, so integers and strings are compared unchanged.
  const isPlain = type.kind === 'integer' || type.kind === 'string';
  const more = isPlain ? { item_value: quoteIdentifier(samples.columns.item.name) } : {};
  const table = sampleTable(tables, samples, timezone, { more });
  const id = isPlain ? 'item_value' : 'CAST("item@text" AS VARCHAR)';
  const negatives = `(SELECT *, ${id} AS id FROM ${table} WHERE NOT label AND item IS NOT NULL)`;
  const auditCounts = matchingAuditCounts(tables, samples)?.items;
  const { select, read } = auditCounts
    ? itemRowsFromCounts(auditCounts)
    : itemRowsFromFile(negatives, await nameColumn(tables, table, entryRole(samples), work));
  const idType = plainIntegers.has(sqlType) ? 'BIGINT' : 'VARCHAR';
  const result = await tables.columnar(
    `SELECT CAST(id AS ${idType}), name, CAST(n AS DOUBLE) FROM (${select}) ORDER BY id`,
    message('Counting items'),
    work,
  );
  const [items, rows] = [result.texts(0), result.numbers(2)];
  const item = mostFrequent(items, rows);
  const sameItem = `id = ${item !== null && type.kind === 'integer' ? item : quoteLiteral(item ?? '')}`;
  const byUser = samples.columns.user !== undefined;
  return {
    item: items,
    name: read(result, 1),
    rows,
    split: await recordedSplit(tables, samples.ref),
    largest: item === null ? null : { item, rate: await userRate(tables, negatives, sameItem, byUser, work) },
  };
}

/** A query for the negatives by item and entry name, and a reader of its names. */
interface ItemRows {
  /** A query with the columns `id`, `name` and `n`. */
  readonly select: string;
  readonly read: NameColumn['read'];
}

function itemRowsFromFile(negatives: string, name: NameColumn): ItemRows {
  return {
    select: `SELECT id, ${name.sql} AS name, count(*) AS n FROM ${negatives} GROUP BY id, 2`,
    read: (result, column) => name.read(result, column),
  };
}

/** Reads the negatives from the counts of a finished audit. */
function itemRowsFromCounts({ sql, names }: NonNullable<CountedSample['items']>): ItemRows {
  const parts = names.map(
    ({ n: count }, code) =>
      `SELECT item AS id, CAST(${code} AS INTEGER) AS name, ${count} AS n FROM ${sql} WHERE item IS NOT NULL AND ${count} > 0`,
  );
  return {
    select:
      parts.length === 0 ? `SELECT item AS id, 0 AS name, 0 AS n FROM ${sql} WHERE false` : parts.join(' UNION ALL '),
    read: (result, column) => Array.from(result.numbers(column), (code) => names[code]?.name ?? null),
  };
}

/** The item with the most rows. On a tie, the smallest text wins. Null without rows. */
function mostFrequent(items: readonly (string | null)[], rows: Float64Array): string | null {
  let topItem: string | null = null;
  let topRows = 0;
  let itemRows = 0;
  for (const [index, item] of items.entries()) {
    itemRows = (index > 0 && items[index - 1] === item ? itemRows : 0) + f64At(rows, index);
    if (item === null || items[index + 1] === item) continue;
    const isFirst = topItem === null || compareTexts(item, topItem) < 0;
    if (itemRows < topRows || (itemRows === topRows && !isFirst)) continue;
    topItem = item;
    topRows = itemRows;
  }
  return topItem;
}
