import { duplicates } from '../../../core/audit/metrics/duplicates.ts';
import { message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { groupCounts } from '../groupCounts.ts';
import type { Phase } from '../phase.ts';

const label = message('Looking for duplicates');

/**
 * Repeated rows. Rows are compared by 64-bit hashes of their values: among 20 million rows, the chance of one wrong
 * duplicate is 1 in 90,000.
 */
export const duplicatesPhase: Phase = {
  label,
  metrics: ['duplicates'],
  lacks: () => null,
  async run(world, work) {
    const { sample } = world;
    const key = sample.groupKey();
    const levels = {
      user_item: sample.has('user') ? ['"user"', 'item'] : null,
      request_item: sample.has('request') ? ['request', 'item'] : null,
      positive_item:
        key !== null && (sample.found.layout !== 'long' || sample.has('positive_item')) ? [...key, 'item'] : null,
    };
    const unique = await uniqueRows(world, work);
    const negatives = async (columns: readonly string[] | null): Promise<Distinct | null> => {
      if (columns === null || !sample.hasLabel()) return null;
      const from = `${sample.sql} WHERE label = false AND ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')}`;
      if (!(await unique.within(columns))) return await distinct(world, columns, from, work);
      const [row] = await world.rows(`SELECT count(*) FROM ${from}`, label, work);
      return { rows: numberIn(row), distinct: numberIn(row) };
    };
    return {
      duplicates: duplicates.of({
        // The rows of the file are compared only as a whole.
        row: world.part
          ? null
          : (unique.file ?? (await distinct(world, sample.fileColumns.map(quoteIdentifier), sample.file, work))),
        user_item: await negatives(levels.user_item),
        request_item: await negatives(levels.request_item),
        positive_item: await negatives(levels.positive_item),
      }),
    };
  },
};

type Distinct = { readonly rows: number; readonly distinct: number };

interface UniqueRows {
  /** The rows of the file; null if some may be repeated. */
  readonly file: Distinct | null;
  /** Whether no rows with values in all these columns are repeated in them. False: not known. */
  within(columns: readonly string[]): Promise<boolean>;
}

/**
 * If no group has an item twice with one label, no row of the file is repeated, and no negative of a group. The same
 * holds for negatives of a request or a user that has one group only. Then one comparison is enough.
 */
async function uniqueRows(world: AuditWorld, work: Work): Promise<UniqueRows> {
  const { sample } = world;
  const groups = sample.hasLabel() && sample.found.layout === 'long' ? await groupCounts(world, work) : null;
  const unknown: UniqueRows = { file: null, within: async () => await Promise.resolve(false) };
  if (groups === null) return unknown;
  const all = await distinct(world, [...groups.key, 'item', 'label'], sample.sql, work);
  if (all.distinct < all.rows) return unknown;
  return {
    file: all,
    within: async (columns) => {
      const own = columns.filter((column) => column !== 'item');
      if (groups.key.every((column) => own.includes(column))) return true;
      if (own.some((column) => !groups.key.includes(column))) return false;
      const known = own.map((column) => `${column} IS NOT NULL`).join(' AND ');
      const one = await distinct(world, own, `${groups.sql} WHERE ${known}`, work);
      return one.distinct === one.rows;
    },
  };
}

async function distinct(world: AuditWorld, columns: readonly string[], from: string, work: Work): Promise<Distinct> {
  const [row] = await world.rows(
    `SELECT count(*), count(DISTINCT hash(${columns.join(', ')})) FROM ${from}`,
    label,
    work,
  );
  return { rows: numberIn(row, 0), distinct: numberIn(row, 1) };
}
