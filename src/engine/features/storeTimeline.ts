import { message, type Message } from '../../core/message/message.ts';
import { refuse } from '../../core/message/failure.ts';
import { formatCount } from '../../core/table/format.ts';
import type { TimelineCounts } from '../../core/sampling/featureCounts.ts';
import type { AskedFeatures } from '../../protocol/askedTable.ts';
import type { Work } from '../database/connections.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import { itemNumbers, type SampledTables } from '../inputs/sampledTables.ts';
import { storedUsers } from '../inputs/storedTables.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Tables } from '../tables/tables.ts';
import { Versions } from './versions.ts';

const rowsName = 'feature rows';
const rankedName = 'feature ranks';
const rowsTable = quoteIdentifier(rowsName);
const rankedTable = quoteIdentifier(rankedName);

/**
 * Stores the timeline of a table of features as the table `name`, for keys that rows can have. Columns: `owner`, the
 * number of the user, or the text of the request, or both; `number` of the item; `us`, the time from which a version can
 * be read; `e`, its event time; `ended`, the time from which it is no value, or infinity; and the copied columns. It is in the order of `owner`, `number` and `us`.
 * @throws FailureError if rows of one key contradict each other
 */
export async function storeTimeline(
  sampled: SampledTables,
  asked: AskedFeatures,
  names: readonly string[],
  name: string,
  work: Work,
): Promise<TimelineCounts> {
  const { tables } = sampled;
  const versions = new Versions(asked, names, sampled);
  const valid = `(SELECT * FROM ${rowsTable} WHERE valid)`;
  await tables.statement(
    `CREATE TABLE ${rowsTable} AS ${versions.rows}`,
    message('Reading data.{0}', asked.name),
    work,
  );
  try {
    const ties = await countOf(tables, versions.ties(valid), work);
    await refuseConflicts(asked, versions, tables, ties, work);
    const key = versions.key.map(quoteIdentifier).join(', ');
    const [[rows = 0, kept = 0, keys = 0] = []] = await tables.rows(
      `SELECT count(*), count(*) FILTER (WHERE valid), ${key === '' ? 'least(count(*) FILTER (WHERE valid), 1)' : `count(DISTINCT (${key})) FILTER (WHERE valid)`} FROM ${rowsTable}`,
      work,
    );
    await tables.rows(
      `CREATE TABLE ${rankedTable} AS ${versions.ranked(rowsName)}`,
      work,
    );
    const late = await countOf(tables, `SELECT count(*) FROM ${rankedTable} WHERE o <> best`, work);
    await tables.rows(`CREATE TABLE ${name} AS ${numberedSelect(versions, names)}`, work);
    return {
      name: asked.name,
      kind: asked.time.kind,
      versions: Number(kept),
      keys: Number(keys),
      leftOut: Number(rows) - Number(kept),
      late,
      ties,
    };
  } finally {
    for (const table of [rowsTable, rankedTable])
      await tables.rows(`DROP TABLE IF EXISTS ${table}`, { signal: work.signal }).catch(() => undefined);
  }
}

/** SQL of the timeline with numbers in place of ids. */
function numberedSelect(versions: Versions, names: readonly string[]): string {
  const has = (role: Versions['key'][number]): boolean => versions.key.includes(role);
  const request = 'CAST(v.request AS VARCHAR)';
  const owner = has('request')
    ? has('user')
      ? `u.number || chr(31) || ${request}`
      : request
    : has('user')
      ? 'CAST(u.number AS UINTEGER)'
      : 'CAST(0 AS UINTEGER)';
  const number = has('item') ? 'n.number' : 'CAST(0 AS UINTEGER)';
  const copied = names.map((name) => `v.${quoteIdentifier(carriedColumn(name))}`);
  const times = [
    'CAST(v.r AS DOUBLE) AS us',
    'CAST(v.e AS DOUBLE) AS e',
    "CAST(CASE WHEN v.gone THEN v.e ELSE coalesce(v.ended, CAST('inf' AS DOUBLE)) END AS DOUBLE) AS ended",
  ];
  return `SELECT ${[`${owner} AS owner`, `${number} AS number`, ...times, ...copied].join(', ')} FROM (${versions.timeline(rankedName)}) v
    ${has('user') ? `JOIN ${storedUsers} u ON u."user" = v."user"` : ''}
    ${has('item') ? `JOIN ${itemNumbers} n ON n.item = v.item` : ''}
    ORDER BY owner, number, us`;
}

/** @throws FailureError if several rows of a key hold at the same time, and no time says which one counts */
async function refuseConflicts(
  { ref, name, columns, time: { kind } }: AskedFeatures,
  versions: Versions,
  tables: Tables,
  ties: number,
  work: Work,
): Promise<void> {
  const conflict = (what: Message, advice: Message): Error =>
    refuse('feature-conflict', what, {
      place: { path: ref.path },
      setting: ['data', 'features', name.slice(9)],
      advice,
    });
  if (kind === 'static' && ties > 0)
    throw conflict(
      message(
        'data.{0} is static, but {1} of its keys have several rows with different values',
        name,
        formatCount(ties),
      ),
      message('Name the time of its rows: columns.time, snapshot or columns.valid_from.'),
    );
  if (kind !== 'interval' || columns.known) return;
  const key = versions.key.map(quoteIdentifier);
  const partition = key.length === 0 ? '' : `PARTITION BY ${key.join(', ')}`;
  const rows = `SELECT DISTINCT * FROM ${rowsTable} WHERE valid`;
  const overlaps = `SELECT *, lag(e) OVER w AS before, lag(ended) OVER w AS until FROM (${rows}) WINDOW w AS (${partition} ORDER BY e, ended)`;
  const count = await countOf(tables, `SELECT count(*) FROM (${overlaps}) WHERE before = e OR until > e`, work);
  if (count > 0)
    throw conflict(
      message('The times valid_from and valid_to of data.{0} overlap in {1} rows of one key', name, formatCount(count)),
      message('Correct the rows, or name the time at which each was written with columns.known: the newest counts.'),
    );
}

async function countOf(tables: Tables, sql: string, work: Work): Promise<number> {
  const [[count = 0] = []] = await tables.rows(sql, work);
  return Number(count);
}
