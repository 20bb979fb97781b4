import { duplicates } from '../../../core/audit/metrics/duplicates.ts';
import { message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { AuditWorld } from '../auditWorld.ts';
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
    const labelled = sample.hasLabel();
    const key = sample.groupKey();
    const negatives = async (columns: readonly string[] | null): Promise<Distinct | null> =>
      columns === null || !labelled
        ? null
        : await distinct(
            world,
            columns,
            `${sample.sql} WHERE label = false AND ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')}`,
            work,
          );
    return {
      duplicates: duplicates.of({
        // The rows of the file are compared only as a whole.
        row: world.part ? null : await distinct(world, sample.fileColumns.map(quoteIdentifier), sample.file, work),
        user_item: await negatives(sample.has('user') ? ['"user"', 'item'] : null),
        request_item: await negatives(sample.has('request') ? ['request', 'item'] : null),
        positive_item: await negatives(
          key !== null && (sample.found.layout !== 'long' || sample.has('positive_item')) ? [...key, 'item'] : null,
        ),
      }),
    };
  },
};

type Distinct = { readonly rows: number; readonly distinct: number };

async function distinct(world: AuditWorld, columns: readonly string[], from: string, work: Work): Promise<Distinct> {
  const [row] = await world.rows(
    `SELECT count(*), count(DISTINCT hash(${columns.join(', ')})) FROM ${from}`,
    label,
    work,
  );
  return { rows: numberIn(row, 0), distinct: numberIn(row, 1) };
}
