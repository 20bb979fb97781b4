import { logText, noEvents, percentileText } from '../../src/core/report/drawnText.ts';
import { inBatchParts } from '../../src/core/report/inBatchText.ts';
import type { InBatchGroup } from '../../src/core/sampling/drawn.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { SamplingFacts } from '../../src/protocol/sampling.ts';
import { say, t } from '../strings.ts';
import { factsOfItem, itemName } from './texts.ts';

/** The batch of a positive in one line. */
export function batchText(inBatch: InBatchGroup): string {
  return inBatchParts(inBatch).map(say).join(' · ');
}

/** The batch of a positive in sentences. */
export function batchSentences(
  { batch, others, masked, distinct, falseNegatives, items }: InBatchGroup,
  facts: SamplingFacts | null,
): string[] {
  const negatives = others - masked;
  return [
    t(
      'Batch {0} of this seed and epoch: the other positives of the batch are negatives. The trainer makes them. They are not in the file.',
      formatCount(batch + 1),
    ),
    ...(masked === 0
      ? []
      : [
          masked === 1
            ? t('1 other positive has the same item and is masked.')
            : t('{0} other positives have the same item and are masked.', formatCount(masked)),
        ]),
    ...(falseNegatives === 0
      ? []
      : [
          falseNegatives === 1
            ? t('1 of {0} negatives is false: the user chose its item.', formatCount(negatives))
            : t(
                '{0} of {1} negatives are false: the user chose their items.',
                formatCount(falseNegatives),
                formatCount(negatives),
              ),
        ]),
    ...(negatives === 0 ? [] : [itemsText(negatives, distinct)]),
    ...items.map(({ item, count, logQ }) => {
      const percentile = factsOfItem(facts, item)?.percentile;
      const [times, name, log] = [formatCount(count), itemName(facts, item), logText(logQ)];
      return percentile === 'no events'
        ? t('{0} × {1}, no events, log q {2}', times, name, log)
        : t('{0} × {1}, percentile {2}, log q {3}', times, name, percentileText(percentile, say(noEvents)), log);
    }),
  ];
}

/** The heading above the items of a batch's negatives; there is at least one. */
function itemsText(negatives: number, distinct: number): string {
  if (negatives === 1) return t('1 negative:');
  return distinct === 1
    ? t('{0} negatives, 1 item:', formatCount(negatives))
    : t('{0} negatives, {1} items; the most frequent:', formatCount(negatives), formatCount(distinct));
}
