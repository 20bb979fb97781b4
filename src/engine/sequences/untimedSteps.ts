import type { Sequence } from '../../core/data/sequences.ts';
import { message, type Message } from '../../core/message/message.ts';
import { formatCount } from '../../core/table/format.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { stepTables, tablesOf, untimedSql } from './stepsSql.ts';

/** Messages about events of tables that are no steps of a sequence because they have no time. */
export async function untimedSteps(
  sampled: SampledTables,
  sequences: readonly Sequence[],
  work: Work,
): Promise<Message[]> {
  const notices: Message[] = [];
  for (const sequence of sequences)
    for (const table of tablesOf(sequence, stepTables(sampled.data.log))) {
      const [row] = await sampled.tables.rows(untimedSql(sampled, sequence, table), work);
      const count = numberIn(row);
      if (count === 0) continue;
      notices.push(
        message('Events of data.{0} without time, left out of {1}: {2}', table.name, sequence.name, formatCount(count)),
      );
    }
  return notices;
}
