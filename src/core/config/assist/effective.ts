import { message, type Message } from '../../message/message.ts';
import { formatPercent } from '../../table/format.ts';
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

/**
 * Share of the loss that in-batch negatives get at equal scores: their weight, else their part of the candidates, which
 * ignores items that are both drawn and in the batch. 0 without in-batch negatives.
 */
export function inBatchShare({ unit, draft: { training }, total }: StageView): number {
  const { batch_size: size, weight } = training?.in_batch ?? {};
  if (unit !== 'positive' || size === undefined || total === null) return 0;
  return training?.logq === 'shares' && weight !== undefined && total > 0 ? weight : (size - 1) / (size - 1 + total);
}

/** The training of a stage, as in its config. */
type Training = NonNullable<StageView['draft']['training']>;

export const isSoftmax = ({ loss }: Training): boolean => loss === 'sampled_softmax' || loss === 'softmax';

/**
 * Whether in-batch negatives take their share from the mix: with `corpus`, it does not matter who brings a candidate.
 */
export const keepsShares = (training: Training): boolean =>
  isSoftmax(training) && training.logq !== 'corpus' && training.logq !== true;

/** The share of `inBatchShare` for a hover and a hint. Null unless the loss is a softmax that keeps shares. */
export function inBatchShareText(view: StageView): Message | null {
  const training = view.draft.training ?? {};
  if (!keepsShares(training) || view.total === 0) return null;
  const share = inBatchShare(view);
  if (share === 0) return null;
  return training.in_batch?.weight !== undefined && training.logq === 'shares'
    ? message('{0} of the loss at equal scores', formatPercent(share))
    : message('about {0} of the loss at equal scores', formatPercent(share));
}
