import type { Sequence } from '../../core/data/sequences.ts';
import { message, type Message } from '../../core/message/message.ts';
import { formatCount } from '../../core/table/format.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { Kept } from '../inputs/kept.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { stepTables, tablesOf, untimedSql } from './stepsSql.ts';

/**
 * Messages about events of tables that are no steps of a sequence because they have no time.
 * @param counts caches the counts by their SQL, because each reads a whole table
 */
export async function untimedSteps(
  sampled: SampledTables,
  sequences: readonly Sequence[],
  work: Work,
  counts = new Kept<number>(1),
): Promise<Message[]> {
  const notices: Message[] = [];
  for (const sequence of sequences)
    for (const table of tablesOf(sequence, stepTables(sampled.data.log))) {
      const sql = untimedSql(sampled, sequence, table);
      const count = await counts.get(sql, async () => numberIn((await sampled.tables.rows(sql, work))[0]));
      if (count === 0) continue;
      notices.push(
        message('Events of data.{0} without time, left out of {1}: {2}', table.name, sequence.name, formatCount(count)),
      );
    }
  return notices;
}
