import { formatCount, formatPercent } from '../table/format.ts';
import type { InBatchGroup, InBatchTotals, PairInBatch, PreviewTotals } from '../sampling/drawn.ts';
import { message, type Message } from '../message/message.ts';
import type { pairVerdict } from './pairText.ts';

/** Name of in-batch negatives in configs, glyphs and colours. */
export const inBatchSource = 'in_batch';

/** The in-batch negatives of a positive, in a few words each. */
export function inBatchParts({ others, masked, falseNegatives }: InBatchGroup): Message[] {
  return [
    others === 1 ? message('1 other') : message('{0} others', formatCount(others)),
    ...(falseNegatives === 0 ? [] : [message('{0} chosen by the user', formatCount(falseNegatives))]),
    ...(masked === 0 ? [] : [message('{0} masked', formatCount(masked))]),
  ];
}

/** Share of in-batch negatives among all negatives that the model learns from, 0 to 1. */
export function inBatchShare(
  { negatives }: Pick<InBatchTotals, 'negatives'>,
  written: Pick<PreviewTotals, 'negatives'>,
): number {
  return negatives === 0 ? 0 : negatives / (negatives + written.negatives);
}

/** The in-batch negatives of all selected users, in a few words each. */
export function inBatchTotalParts(totals: InBatchTotals, written: Pick<PreviewTotals, 'negatives'>): Message[] {
  const { negatives, masked, falseNegatives } = totals;
  return [
    message(
      '{0} ({2} of all negatives), plus {1} written',
      formatCount(negatives),
      formatCount(written.negatives),
      formatPercent(inBatchShare(totals, written)),
    ),
    ...(falseNegatives === 0
      ? []
      : [
          message(
            '{0} chosen by their user ({1})',
            formatCount(falseNegatives),
            formatPercent(falseNegatives / negatives),
          ),
        ]),
    ...(masked === 0 ? [] : [message('{0} masked as the same item', formatCount(masked))]),
  ];
}

/** Origin of in-batch negatives, in a sentence. */
export function inBatchOrigin({
  order,
  positives,
  batches,
}: Pick<InBatchTotals, 'order' | 'positives' | 'batches'>): Message {
  if (positives === 0)
    return message('Made by the trainer, never written: with this seed, there is no positive for a batch');
  if (positives === 1) return message('Made by the trainer, never written: the only positive is alone in its batch');
  if (batches === 1)
    return message('Made by the trainer, never written: all {0} positives are one batch', formatCount(positives));
  const counts = [formatCount(batches), formatCount(positives)] as const;
  return order === 'user'
    ? message(
        'Made by the trainer, never written: {0} batches of the {1} positives of all users, in the order of users',
        ...counts,
      )
    : message('Made by the trainer, never written: {0} batches of the {1} positives of all users', ...counts);
}

/**
 * Whether batches make an item a negative of a user, apart from the written rows, and how certain this is.
 * Only positives in the batches count: with this seed, others may have been downsampled away. `ofUser`: number of the
 * user's positives; `expectedText` formats expected counts.
 */
export function inBatchVerdict(
  { order, groups, drawn, expected, times }: PairInBatch,
  ofUser: number,
  expectedText: (count: number) => string,
): ReturnType<typeof pairVerdict> {
  const never = (text: Message): ReturnType<typeof pairVerdict> => ({ text, sure: 'never' });
  if (times === 0) return never(message('In-batch: never with this seed; no batch has a positive of this item.'));
  if (ofUser === 0) return never(message('In-batch: never with this seed; no batch has a positive of this user.'));
  if (expected === 0) return never(message('In-batch: never; it is the positive itself.'));
  if (order === 'user')
    return {
      text: message(
        'In-batch: a negative of {0} of {1} positives of this user in the order of users; {2} expected in a shuffled file.',
        formatCount(groups),
        formatCount(ofUser),
        expectedText(expected),
      ),
      sure: drawn === 0 ? 'possible' : 'drawn',
    };
  if (drawn === 0)
    return {
      text: message(
        'In-batch: with this seed, not a negative of any positive of this user, but possible: {0} expected.',
        expectedText(expected),
      ),
      sure: 'possible',
    };
  if (ofUser === 1)
    return {
      text: message(
        'In-batch: a negative of the only positive of this user with this seed; {0} expected.',
        expectedText(expected),
      ),
      sure: 'drawn',
    };
  return {
    text: message(
      'In-batch: a negative of {0} of {1} positives of this user with this seed; {2} expected.',
      formatCount(groups),
      formatCount(ofUser),
      expectedText(expected),
    ),
    sure: 'drawn',
  };
}
