import { message, type Message } from '../../message/message.ts';
import type { StageView } from '../entries.ts';

/**
 * Effective amounts of a stage: negatives per group, and those that the trainer adds within a batch. Null if unknown.
 */
export function effectiveText(view: StageView): Message | null {
  if (view.total === null) return null;
  const total = String(Number(view.total.toFixed(4)));
  const batch = view.draft.training?.in_batch?.batch_size;
  if (view.unit === 'request') return message('{0} negatives per request', total);
  if (batch !== undefined)
    return message('{0} negatives per positive, and {1} more within the batch', total, batch - 1);
  return message('{0} negatives per positive', total);
}
