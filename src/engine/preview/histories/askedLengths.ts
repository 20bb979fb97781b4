import type { Answers } from '../../../core/data/facts.ts';
import type { AskedQuestion } from '../../../protocol/answers.ts';
import type { Work } from '../../database/connections.ts';
import { historyLengths } from '../../sequences/historyLengths.ts';
import { stepRows } from '../../sequences/stepRows.ts';
import { stepTables } from '../../sequences/stepsSql.ts';
import type { Sampling } from '../openSamplingData.ts';

/** About how many steps the histories of each sequence have. */
export async function askedLengths(
  { request: { plan }, sequences }: AskedQuestion<'history-lengths'>,
  { data, sampled }: Sampling,
  work: Work,
): Promise<Answers['history-lengths']> {
  const windows = await data.worlds.windows(sampled, plan, work);
  const tables = stepTables(sampled.data.log);
  const steps = sequences.map((sequence) => ({ sequence, steps: stepRows(sampled, sequence, tables).sql }));
  return { sequences: await historyLengths(sampled, plan, windows, steps, work) };
}
