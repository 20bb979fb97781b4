import type { Sequence } from '../../core/data/sequences.ts';
import type { Message } from '../../core/message/message.ts';
import { untimedTexts } from '../../core/report/writtenSequenceText.ts';
import type { UntimedEvents } from '../../core/sampling/sequenceCounts.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { stepTables, tablesOf, untimedSql } from './stepsSql.ts';

/** By table: how many of its events are no steps of a sequence because they have no time. */
export async function untimedSteps(sampled: SampledTables, sequence: Sequence, work: Work): Promise<UntimedEvents[]> {
  const counts: UntimedEvents[] = [];
  for (const table of tablesOf(sequence, stepTables(sampled.data.log))) {
    const [row] = await sampled.tables.rows(untimedSql(sampled, sequence, table), work);
    counts.push({ table: table.name, events: numberIn(row) });
  }
  return counts;
}

/** Messages about the events that are no steps because they have no time. */
export async function untimedNotices(
  sampled: SampledTables,
  sequences: readonly Sequence[],
  work: Work,
): Promise<Message[]> {
  const notices: Message[] = [];
  for (const sequence of sequences)
    notices.push(...untimedTexts({ name: sequence.name, untimed: await untimedSteps(sampled, sequence, work) }));
  return notices;
}
