import { getHeapStatistics } from 'node:v8';
import { fail, type FailureError } from '../../../core/report/failure.ts';
import { message, type Message } from '../../../core/report/message.ts';
import { keySeparator, separatorFailure } from '../../../core/sampling/key.ts';
import type { Items } from '../../../core/sampling/world/world.ts';
import type { Work } from '../../database/connections.ts';
import { fitsInt64 } from '../../database/fitsInt64.ts';
import { md5Word } from '../../sql/md5.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { hasTime, itemNumbers, type SampledTables } from '../sampledTables.ts';
import { swapWords } from '../wordsAt.ts';
import { microseconds } from './bounds.ts';
import { emptyData } from './emptyData.ts';

/** All items of the corpus and the logs, in pool order. */
export interface LoadedItems extends Items {
  /** 1 for items of the corpus for which `data.items.where` holds; all of them without a corpus. */
  readonly listed: Uint8Array;
  readonly kind: 'integer' | 'string';
  /** Rows that do not fit or were left out, of all data sets. */
  readonly notices: readonly Message[];
}

/** Bytes of the heap for an item: its text and the reference to it. */
const HEAP_BYTES = 64;

/**
 * Numbers the items and makes the table `itemNumbers` of them.
 * @throws FailureError where an item has two rows, an id holds the separator of keys, or the items do not fit into memory
 */
export async function loadItems(sampled: SampledTables, work: Work): Promise<LoadedItems> {
  const { tables, data } = sampled;
  const corpus = sampled.corpus();
  const reading = message('Reading the items');
  if (corpus !== null) await refuseDuplicates(sampled, corpus, work);
  const notices = [...tables.notices(), ...(await emptyData(sampled, work)), ...(await leftOut(sampled, work))];
  const sources = [corpus, sampled.exposures(), sampled.candidates(), sampled.rejections()].filter((source) => source !== null);
  await tables.rows(
    `CREATE OR REPLACE TABLE ${itemNumbers} AS SELECT CAST(row_number() OVER (ORDER BY item) - 1 AS INTEGER) AS number, item
      FROM (${sources.map((source) => `SELECT DISTINCT item FROM ${source}`).join(' UNION ')}) WHERE item IS NOT NULL`, work);
  const [[count, type] = []] = await tables.rows(`SELECT count(*), any_value(typeof(item)) FROM ${itemNumbers}`, work);
  refuseTooMany(Number(count ?? 0));
  const text = 'CAST(n.item AS VARCHAR)';
  const integers = fitsInt64(String(type));
  const from = corpus === null ? `${itemNumbers} n` : `${itemNumbers} n LEFT JOIN ${corpus} c ON c.item = n.item`;
  const created = corpus === null ? '-1e999' : `CASE WHEN c.item IS NULL THEN 1e999 ELSE ${data.items?.columns.created ? `coalesce(${microseconds('c.created')}, -1e999)` : '-1e999'} END`;
  const removed = corpus !== null && data.items?.columns.removed ? `coalesce(${microseconds('c."removed@to"')}, 1e999)` : '1e999';
  const rows = await tables.columnar(
    `SELECT item, word, created, removed, listed FROM (
      SELECT n.number AS number, ${integers ? 'CAST(n.item AS BIGINT)' : text} AS item, ${md5Word(text)} AS word, CAST(${created} AS DOUBLE) AS created, CAST(${removed} AS DOUBLE) AS removed,
        ${corpus === null ? 'true' : 'coalesce(c.listed, false)'} AS listed FROM ${from}) ORDER BY number`, reading, work);
  const texts = integers ? rows.integerTexts(0) : rows.texts(0).map((one) => one ?? '');
  const kind = String(type) === 'VARCHAR' ? 'string' : 'integer';
  const separated = kind === 'string' ? texts.find((one) => one.includes(keySeparator)) : undefined;
  if (separated !== undefined) throw await refusedId(sampled, separated, work);
  return { count: rows.rows, texts, words: swapWords(rows.words(1)), created: rows.numbers(2), removed: rows.numbers(3), listed: rows.flags(4), kind, notices };
}

/** The refusal of an id that holds the separator of keys, with the first file that has it. */
async function refusedId(sampled: SampledTables, item: string, work: Work): Promise<FailureError> {
  const { tables, data } = sampled;
  const sources = [[data.items, sampled.corpus()], [data.log.impressions, sampled.exposures()], [data.candidates, sampled.candidates()], [data.rejections, sampled.rejections()]] as const;
  for (const [table, source] of sources) {
    if (!table || source === null) continue;
    const [found] = await tables.rows(`SELECT 1 FROM ${source} WHERE item = ${quoteLiteral(item)} LIMIT 1`, work);
    if (found) return separatorFailure(item, { path: table.ref.path, column: table.columns.item.name });
  }
  return separatorFailure(item);
}

async function refuseDuplicates({ tables, data }: SampledTables, corpus: string, work: Work): Promise<void> {
  const [row] = await tables.rows(`SELECT min(CAST(item AS VARCHAR)), any_value(n) FROM (SELECT item, count(*) AS n FROM ${corpus} WHERE item IS NOT NULL GROUP BY item HAVING count(*) > 1 ORDER BY item LIMIT 1)`, work);
  const [item, rows] = row ?? [];
  if (typeof item !== 'string' || !data.items) return;
  throw fail('bad-request', message('The corpus has {0} rows of the item {1}', Number(rows), item === '' ? '""' : item), {
    place: { path: data.items.ref.path, column: data.items.columns.item.name }, advice: message('Keep one row for each item: nobody can tell which one holds.'),
  });
}

function refuseTooMany(items: number): void {
  const most = Math.floor(getHeapStatistics().heap_size_limit / 2 / HEAP_BYTES);
  if (items <= most) return;
  throw fail('out-of-memory', message('{0} items do not fit into the memory of the engine; at most {1} do', items, most), { advice: message('Thin out the corpus and the logs, or sample with Spark.') });
}

/** What the rows lack that do not count, one sentence each. */
async function leftOut(sampled: SampledTables, work: Work): Promise<Message[]> {
  const counts = async (from: string | null, ...tests: readonly string[]): Promise<number[]> => {
    if (from === null) return tests.map(() => 0);
    const [row = []] = await sampled.tables.rows(`SELECT ${tests.map((test) => `count(*) FILTER (WHERE ${test})`).join(', ')} FROM ${from}`, work);
    return row.map(Number);
  };
  const [items = 0] = await counts(sampled.corpus(), 'item IS NULL');
  const [ids = 0, times = 0] = await counts(sampled.everyImpression(), '"user" IS NULL OR item IS NULL', `"user" IS NOT NULL AND item IS NOT NULL AND NOT ${hasTime}`);
  const [candidates = 0] = await counts(sampled.everyCandidate(), `NOT (${sampled.candidateCounts()})`);
  const [rejections = 0] = await counts(sampled.everyRejection(), '"user" IS NULL OR item IS NULL');
  return [
    ...(items > 0 ? [message('Items of the corpus without id, left out: {0}', items)] : []),
    ...(ids > 0 ? [message('Impressions without user or item, left out: {0}', ids)] : []),
    ...(times > 0 ? [message('Impressions without time, left out: {0}', times)] : []),
    ...(candidates > 0 ? [message('Candidates without user, item or request, left out: {0}', candidates)] : []),
    ...(rejections > 0 ? [message('Rejections without user or item, left out: {0}', rejections)] : []),
  ];
}
