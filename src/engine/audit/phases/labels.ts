import { labels } from '../../../core/audit/metrics/labels.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn } from '../../database/numberIn.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { Phase } from '../phase.ts';
import { labelColumn } from '../sampleRelation.ts';

const label = message('Counting labels');

/** Further columns of labels: `label_…`, and those that are named like a label. */
export const labelsPhase: Phase = {
  label,
  metrics: ['labels'],
  missingReason({ sample }) {
    if (sample.found.layout !== 'long') return message('further labels are counted only in the layout long');
    return sample.labels.length === 0 ? message('there is one label column only') : null;
  },
  async run(world, work) {
    const { sample } = world;
    const columns = sample.labels.map((name) => quoteIdentifier(labelColumn(name)));
    const of = (x: string): string =>
      `count(${x}), count(*) FILTER (WHERE ${x} > 0), count(*) FILTER (WHERE ${x} > 0 AND ${is('true')}), count(*) FILTER (WHERE ${x} > 0 AND ${is('false')})`;
    const is = (value: string): string => (sample.hasLabel() ? `label = ${value}` : 'false');
    const [row] = await world.rows(`SELECT count(*), ${columns.map(of).join(', ')} FROM ${sample.sql}`, label, work);
    return {
      labels: labels.measure(
        sample.labels.map((column, k) => ({
          column,
          rows: numberIn(row),
          known: numberIn(row, 4 * k + 1),
          positives: numberIn(row, 4 * k + 2),
          ofPositives: numberIn(row, 4 * k + 3),
          ofNegatives: numberIn(row, 4 * k + 4),
        })),
      ),
    };
  },
};
