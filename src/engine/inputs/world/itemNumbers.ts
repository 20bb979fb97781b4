import { getHeapStatistics } from 'node:v8';
import { fail } from '../../../core/message/failure.ts';
import { message, type Message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import { hasTime, itemNumbers, type SampledTables } from '../sampledTables.ts';
import { typeOf } from '../typeOf.ts';
import { extractedItems } from './extracted.ts';
import { refuseDuplicates } from './duplicates.ts';
import { refuseMisplaced } from './misplacedDays.ts';
import { emptyData } from './emptyData.ts';

/** Facts about all items after they are numbered. */
export interface NumberedItems {
  readonly count: number;
  /** Type of the ids. */
  readonly sqlType: string;
  /** Rows that do not fit or were dropped, of all data sets. */
  readonly notices: readonly Message[];
}

/** Bytes per item: its text and a heap reference to it, or the columns of an integer id. */
const ITEM_BYTES = 64;

/**
 * Creates the table `itemNumbers` of the items of the corpus and the logs, in pool order.
 * @throws FailureError if the items do not fit into memory, or the corpus has more rows than there are items
 */
export async function numberItems(sampled: SampledTables, work: Work): Promise<NumberedItems> {
  const { tables } = sampled;
  await refuseMisplaced(sampled, work);
  const left = await leftOut(sampled, work);
  sampled.mayRepeatItems &&= left.repeated > 0;
  const corpus = sampled.corpus();
  // The rows of an extract do not say which rows the whole data lack.
  const notices = sampled.data.extract
    ? []
    : [...tables.notices(), ...(await emptyData(sampled, work)), ...left.notices];
  const sources = [
    ...[corpus, sampled.exposures(), sampled.candidates(), sampled.rejections()],
    extractedItems(sampled),
  ].filter((source) => source !== null);
  const unmatched = sampled.matched.hasPositives ? sampled.unmatched() : null;
  if (unmatched !== null) sources.push(`(SELECT item FROM ${unmatched} WHERE positive)`);
  await tables.statement(
    `CREATE OR REPLACE TABLE ${itemNumbers} AS SELECT CAST(row_number() OVER (ORDER BY item) - 1 AS INTEGER) AS number, item
      FROM (SELECT DISTINCT item FROM (${sources.map((source) => `SELECT item FROM ${source}`).join(' UNION ALL ')})) WHERE item IS NOT NULL`,
    message('Reading the items'),
    work,
  );
  const [[items] = []] = await tables.rows(`SELECT count(*) FROM ${itemNumbers}`, work);
  const count = Number(items ?? 0);
  // Before the join with the corpus, which would return a row for each duplicate.
  if (corpus !== null && left.corpusRows > count) await refuseDuplicates(sampled, corpus, work);
  refuseTooMany(count);
  return { count, sqlType: await typeOf(tables, itemNumbers, 'item', work), notices };
}

function refuseTooMany(items: number): void {
  const most = Math.floor(getHeapStatistics().heap_size_limit / 2 / ITEM_BYTES);
  if (items <= most) return;
  throw fail(
    'out-of-memory',
    message('{0} items do not fit into the memory of the engine; at most {1} do', items, most),
    { advice: message('Reduce the corpus and the logs, or sample with Spark.') },
  );
}

/**
 * Messages about rows that are dropped because values are missing, one sentence each, and the number of corpus rows
 * with an id.
 */
async function leftOut(
  sampled: SampledTables,
  work: Work,
): Promise<{ readonly notices: readonly Message[]; readonly corpusRows: number; readonly repeated: number }> {
  const counts = async (from: string | null, ...tests: readonly string[]): Promise<number[]> => {
    if (from === null) return tests.map(() => 0);
    const [row = []] = await sampled.tables.rows(
      `SELECT ${tests.map((test) => `count(*) FILTER (WHERE ${test})`).join(', ')} FROM ${from}`,
      work,
    );
    return row.map(Number);
  };
  const corpus = sampled.everyItem();
  const [[rows, named, again] = []] =
    corpus === null
      ? []
      : await sampled.tables.rows(
          `SELECT count(*), count(item), ${sampled.data.items?.isList ? 'count(item) - count(DISTINCT item)' : '0'} FROM ${corpus}`,
          work,
        );
  const corpusRows = Number(named ?? 0);
  const items = Number(rows ?? 0) - corpusRows;
  const repeated = Number(again ?? 0);
  const log = sampled.everyImpression();
  // The footers of Parquet files answer this. Each row is checked only if the log has missing values.
  const [[isWhole] = []] = await sampled.tables.rows(
    `SELECT count("user") = count(*) AND count(item) = count(*) AND count(time) = count(*) AND isfinite(min(time)) AND isfinite(max(time)) FROM ${log}`,
    work,
  );
  const [ids = 0, times = 0] =
    isWhole === true
      ? []
      : await counts(
          log,
          '"user" IS NULL OR item IS NULL',
          `"user" IS NOT NULL AND item IS NOT NULL AND NOT ${hasTime}`,
        );
  const [candidates = 0] = await counts(sampled.everyCandidate(), `NOT (${sampled.candidateCounts()})`);
  const [rejections = 0] = await counts(sampled.everyRejection(), '"user" IS NULL OR item IS NULL');
  const notices = [
    ...(items > 0 ? [message('Items of the corpus without id, left out: {0}', items)] : []),
    ...(repeated > 0 ? [message('Repeated rows of items of the corpus, left out: {0}', repeated)] : []),
    ...(ids > 0 ? [message('Impressions without user or item, left out: {0}', ids)] : []),
    ...(times > 0 ? [message('Impressions without time, left out: {0}', times)] : []),
    ...(candidates > 0 ? [message('Candidates without user, item or request, left out: {0}', candidates)] : []),
    ...(rejections > 0 ? [message('Rejections without user or item, left out: {0}', rejections)] : []),
  ];
  return { notices, corpusRows, repeated };
}
