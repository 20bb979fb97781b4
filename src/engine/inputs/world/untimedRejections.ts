import { message, type Message } from '../../../core/message/message.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import type { SampledTables } from '../sampledTables.ts';

/** Whether an entry takes only rejections that came before the request. */
export function hasBefore({ entries }: StagePlan): boolean {
  return entries.some(
    ({ draws }) => draws.kind === 'list' && draws.rows.of === 'rejections' && draws.rows.before === true,
  );
}

/** How many rejections have no time, so that nobody knows whether they came before the request. */
export async function untimedRejections(sampled: SampledTables, work: Work): Promise<Message[]> {
  const rejections = sampled.rejections();
  if (rejections === null) return [];
  const [row] = await sampled.tables.rows(`SELECT count(*) FROM ${rejections} WHERE time IS NULL`, work);
  const count = numberIn(row);
  return count > 0 ? [message('Rejections without time, not taken by entries with before: true: {0}', count)] : [];
}
