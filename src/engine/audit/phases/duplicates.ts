import { duplicates } from '../../../core/audit/metrics/duplicates.ts';
import { message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import { distinctHashes, suspectSql } from '../../database/suspectHashes.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { readableGroups } from '../groupCounts.ts';
import { rowsWithoutItem } from '../itemCounts.ts';
import { overviewOf } from '../overview.ts';
import type { Phase } from '../phase.ts';
import { entryColumn } from './mix.ts';

const label = message('Looking for duplicates');

/**
 * Repeated rows. Rows are compared by 64-bit hashes of their values: among 20 million rows, the chance of one wrong
 * duplicate is 1 in 90,000.
 */
export const duplicatesPhase: Phase = {
  label,
  metrics: ['duplicates'],
  async run(world, work) {
    const { sample } = world;
    const key = sample.groupKey();
    const levels = {
      user_item: sample.has('user') ? ['"user"', 'item'] : null,
      request_item: sample.has('request') ? ['request', 'item'] : null,
      positive_item:
        key !== null && (sample.found.layout !== 'long' || sample.has('positive_item')) ? [...key, 'item'] : null,
    };
    const repeated = await repeatedItems(world, work);
    const negatives = async (columns: readonly string[] | null): Promise<Distinct | null> =>
      columns === null || !sample.hasLabel()
        ? null
        : ((await repeated?.within(columns)) ??
          (await distinct(
            world,
            columns,
            { from: `${sample.sql} WHERE ${isCompared(columns)}`, rows: (await overviewOf(world, work)).rows },
            work,
          )));
    return {
      duplicates: duplicates.measure({
        // The rows of the file are compared only as a whole.
        row: world.part ? null : (repeated?.file ?? (await ofFile(world, work))),
        user_item: await negatives(levels.user_item),
        request_item: await negatives(levels.request_item),
        positive_item: await negatives(levels.positive_item),
      }),
    };
  },
};

type Distinct = { readonly rows: number; readonly distinct: number };

/** SQL of whether a row is a negative that has values in all columns. */
const isCompared = (columns: readonly string[]): string =>
  ['label = false', ...columns.map((column) => `${column} IS NOT NULL`)].join(' AND ');

interface RepeatedItems {
  /** The rows of the file; null if some may be repeated. */
  readonly file: Distinct | null;
  /** Negatives that are compared by these columns; null if they must be compared on their own. */
  within(columns: readonly string[]): Promise<Distinct | null>;
}

/**
 * Items that a group has several times. Rows of the file can only be repeated among them, and so can negatives of a
 * request or a user with one group only. So one comparison is enough for several levels. Null if the file has no groups,
 * or another layout than long.
 */
async function repeatedItems(world: AuditWorld, work: Work): Promise<RepeatedItems | null> {
  const { sample } = world;
  const groups = sample.hasLabel() && sample.found.layout === 'long' ? await readableGroups(world, work) : null;
  if (groups === null) return null;
  const compared = [...groups.key, 'item'];
  const kind = `hash(label, ${entryColumn(world) ?? 'NULL'})`;
  const counts = compared.map((column, k) => `count(*) FILTER (WHERE ${isCompared([column, 'item'])}) AS n${k}`);
  const hash = `hash(${compared.join(', ')})`;
  const hashed = `(SELECT *, ${hash} AS h FROM ${sample.sql})`;
  const { rows } = await overviewOf(world, work);
  const suspects = await suspectSql(
    { hash, from: sample.sql, rows, memoryBytes: world.tables.memoryBytes },
    async (sql) => await world.tables.columnar(sql, label, work),
    work,
  );
  // Only the rows of repeated items are counted in detail.
  const items = await world.counted(
    'repeated items',
    `WITH suspects AS MATERIALIZED (${suspects})
    SELECT count(*) AS r, min(${kind}) = max(${kind}) AS alike, count(*) FILTER (WHERE ${isCompared(compared)}) AS n, ${counts.join(', ')} FROM ${hashed} s SEMI JOIN suspects USING (h) GROUP BY h HAVING count(*) > 1`,
    label,
    work,
  );
  const withoutItem = await rowsWithoutItem(world, work);
  const [some] = await world.rows(`SELECT count(*) FROM ${items} WHERE r > 2 OR alike`, label, work);
  return {
    file: numberIn(some) === 0 ? { rows, distinct: rows } : null,
    within: async (columns) => {
      const own = columns.filter((column) => column !== 'item');
      if (withoutItem !== 0 || own.some((column) => !groups.key.includes(column))) return null;
      const from = `${groups.sql} WHERE ${own.map((column) => `${column} IS NOT NULL`).join(' AND ')}`;
      const isKey = own.length === groups.key.length;
      if (!isKey) {
        const groupsOf = await distinct(world, own, { from, rows }, work);
        if (own.length > 1 || groupsOf.distinct < groupsOf.rows) return null;
      }
      const n = isKey ? 'n' : `n${groups.key.indexOf(own[0] ?? '')}`;
      const [all] = await world.rows(`SELECT sum(n) FROM ${from}`, label, work);
      const [more] = await world.rows(`SELECT sum(${n} - 1) FROM ${items} WHERE ${n} > 1`, label, work);
      return { rows: numberIn(all), distinct: numberIn(all) - numberIn(more) };
    },
  };
}

/** The rows of the file, with all columns. */
async function ofFile(world: AuditWorld, work: Work): Promise<Distinct> {
  const { file, fileColumns } = world.sample;
  const [row] = await world.rows(`SELECT count(*) FROM ${file}`, label, work);
  return await distinct(world, fileColumns.map(quoteIdentifier), { from: file, rows: numberIn(row) }, work);
}

/** @param rows at least the number of rows */
async function distinct(
  world: AuditWorld,
  columns: readonly string[],
  { from, rows }: { readonly from: string; readonly rows: number },
  work: Work,
): Promise<Distinct> {
  const hash = `hash(${columns.join(', ')})`;
  const counted = await distinctHashes(
    { hash, from, rows, memoryBytes: world.tables.memoryBytes },
    async (sql) => await world.tables.columnar(sql, label, work),
    work,
  );
  if (counted !== null) return counted;
  const [row] = await world.rows(`SELECT count(*), count(DISTINCT ${hash}) FROM ${from}`, label, work);
  return { rows: numberIn(row, 0), distinct: numberIn(row, 1) };
}
