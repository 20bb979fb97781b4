import {
  count,
  described,
  defined,
  dictionary,
  documentText,
  flag,
  lines,
  list,
  nullable,
  number,
  oneOf,
  pair,
  record,
  scalar,
  text,
} from '../json/codec.ts';
import { render } from '../message/message.ts';
import { trialFormat, type TrialReport } from '../trial/report.ts';
import { trialMetrics } from '../trial/trialMetrics.ts';
import { gateText, trialLimits } from './trialTexts.ts';

const metric = defined('metric', oneOf(...trialMetrics.map(({ id }) => id)));
const value = defined(
  'value',
  record({
    metric,
    mean: described(nullable(number), 'Over users and seeds; null if it is not defined.'),
    bySeed: list(nullable(number)),
  }),
);
const window = record({ from: nullable(text), to: nullable(text) });
const index = described(count, 'Index in arms.');

const population = record({
  trainPositives: count,
  usedPositives: count,
  trainUsers: count,
  usedUsers: count,
  cap: described(nullable(count), 'The most positives that are trained on; null with --all.'),
  warmUsers: described(count, 'Users with positives in train and in eval.'),
  corpus: count,
  evalPositives: count,
  invisible: described(
    record({ newUser: count, newItem: count, notInCorpus: count }),
    'Eval positives that the probe cannot rank.',
  ),
  passedColumns: count,
});

const arm = record({
  name: text,
  config: text,
  varied: nullable(record({ path: text, value: text })),
  digest: text,
  negatives: oneOf('drawn', 'in_batch', 'both'),
  logq: flag,
  epochs: count,
  tuned: described(list(record({ epochs: count, ndcg: number })), 'NDCG on the tune window, mean over the seeds.'),
  loss: described(list(list(number)), 'Mean loss of a group by seed, then by epoch.'),
  runs: described(
    list(
      record({
        seed: text,
        groups: count,
        rows: count,
        shortfall: count,
        groupsWithoutRows: count,
        groupsWithoutLogQ: count,
      }),
    ),
    'By seed.',
  ),
});

const difference = record({
  metric,
  difference: nullable(number),
  low: nullable(number),
  high: nullable(number),
  detectable: described(nullable(number), 'Half the width of the interval: a larger difference would show.'),
  word: oneOf('higher', 'lower', 'no_clear_difference', 'no_verdict'),
});

const gate = record({
  id: oneOf('popularity', 'size', 'agreement', 'visibility', 'reach'),
  fired: flag,
  effect: oneOf('no_verdict', 'no_verdict_on_pairs', 'warning'),
  figures: list(
    record({
      name: oneOf(
        'popularity_ratio',
        'agreeing_pairs',
        'warm_users',
        'visible_positives',
        'invisible',
        'never_trained',
      ),
      value: nullable(number),
      limit: number,
      relation: oneOf('at_most', 'at_least'),
      holds: flag,
    }),
  ),
  arms: list(count),
  pairs: list(pair(count, count)),
  says: described(nullable(text), 'Null if it did not fire.'),
});

/** The output of `recsample trial --format json`. */
export const trialOutput = record(
  {
    version: described(text, 'Of RecSample.'),
    stage: oneOf('recall'),
    loss: oneOf('sampled_softmax', 'pairwise'),
    seed: text,
    hide: described(oneOf('clicked', 'exposed'), "What is left out of a user's ranking."),
    windows: described(
      record({ train: window, tune: window, eval: window }),
      'The number of epochs is chosen on tune.',
    ),
    constants: described(
      dictionary(
        scalar<number | readonly number[]>({ type: ['number', 'array'], items: { type: 'number' } }, (json) =>
          json.number(),
        ),
      ),
      'Of the probe, of the statistics and of the gates.',
    ),
    population,
    slice: described(
      nullable(record({ column: text, value: text, positives: count, users: count, k: count })),
      'Of --eval-where.',
    ),
    earlierConfigs: described(
      count,
      'Other configs that earlier trials compared on the same data and evaluation window.',
    ),
    arms: lines(arm),
    format: described(oneOf(trialFormat), 'A change that a reader of this format would misread gets the next number.'),
    level: described(number, 'Of the intervals.'),
    values: described(lines(list(value)), 'By arm, then by metric.'),
    popularity: described(lines(value), 'Items ranked by their train positives.'),
    pairs: described(
      lines(record({ reference: index, arm: index, differences: list(difference) })),
      'Every pair: arm minus reference.',
    ),
    gates: lines(gate),
    limits: described(text, 'What a trial is not.'),
    data: described(dictionary(text), 'Digests of the data sets, by name.'),
    notes: list(text),
  },
  'block',
);

/** The report as JSON text. Never translated. It has no clock times, so equal runs write equal bytes. */
export function trialJson(report: TrialReport): string {
  return documentText(trialOutput, {
    ...report,
    gates: report.gates.map((gate) => ({ ...gate, says: gate.fired ? render(gateText(gate, report)) : null })),
    limits: render(trialLimits),
    notes: report.notes.map((note) => render(note)),
  });
}
