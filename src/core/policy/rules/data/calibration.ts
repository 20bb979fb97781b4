import { Z99 } from '../../../statistics/normalQuantile.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message, type Message } from '../../../message/message.ts';
import { formatFloat } from '../../../table/format.ts';
import { changed } from '../../examples/example.ts';
import { files } from '../../examples/files.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { roleNeeds } from '../../sampleNeeds.ts';
import { percent } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

type Split = Answers['exposure-rates']['splits'][number];

/** Negatives, or the sum of their weights, for each negative of the log, relative to the same of the positives. */
interface KeptRatio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly expected: number;
}

export const samples = {
  'samples.fine_ranking': files(
    'user_id:int64 item_id:int64 label:int8 source:string request:int64 time:timestamp position:int32 weight:double',
  ),
};
/** A file of a log with a click rate of 5 %, of which one negative in ten is kept, and `found`. */
export const rates = (overrides: Partial<Split>): Pick<Answers, 'exposure-rates'> => ({
  'exposure-rates': {
    splits: [
      {
        split: 'train',
        file: { positives: 500, negatives: 950 },
        log: { positives: 500, negatives: 9500 },
        error: 0.03,
        weights: { positives: 500, negatives: 9500, error: 0.03 },
        downsample: 0.1,
        calibration: 'weight',
        ...overrides,
      },
    ],
  },
});

export const calibration = defineRule({
  id: 'data/calibration',
  kind: 'data',
  severity: 'warning',
  stages: ['fine_ranking'],
  options: {
    max: shareOption(
      0.1,
      message(
        'Maximum relative difference between the odds of a positive in the file and under the config (99 % confidence). Our choice.',
      ),
    ),
  },
  needs: (context) =>
    context.stage.unit === 'impression' ? roleNeeds(context, ['user', 'time'], 'exposure-rates', ['impressions']) : [],
  comparesNothing: nothingIn('exposure-rates', ({ splits }) => noRows(splits.length)),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'exposure-rates', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const at = samplePathKey(stage.name);
    for (const split of answer.value.splits) {
      const { file, log, weights, downsample } = split;
      const rows = keptOf(split, { ...file, error: split.error }, downsample);
      if (isOff(rows, options.max)) {
        yield {
          at,
          message: message(
            '{0} of the rows are positives, but the config leads to {1}',
            percent(file.positives / (file.positives + file.negatives)),
            percent(rateOf(log, downsample)),
          ),
          details: [logLine(split), keptLine(rows)],
        };
        continue;
      }
      if (weights === null) continue;
      const expected = split.calibration === 'weight' ? 1 : downsample;
      const weighted = keptOf(split, weights, expected);
      if (isOff(weighted, options.max))
        yield {
          at,
          message: message(
            'By weight, {0} of the rows are positives, but the config leads to {1}',
            percent(weights.positives / (weights.positives + weights.negatives)),
            percent(rateOf(log, expected)),
          ),
          details: [logLine(split), ...(weights.positives > 0 ? [keptLine(weighted)] : []), ...weightLine(split)],
        };
    }
  },
  docs: {
    summary: 'The click rate of a fine-ranking file differs from the log, after downsampling',
    why: `A fine-ranking model predicts click rates, so the rate of its rows must be known. Downsampling to the fraction w turns
the rate p of the log into p / (p + w · (1 − p)), and the calibration brings it back. A later filter, join or second
downsampling makes every prediction too high or too low, and neither the config nor the AUC shows it.

The rule compares the file with the exposures that the config uses: in the window, seen, old enough, and from the first
to the last row of the file. So a file of one day or of some users passes. It reports odds that differ by more than
\`max\` with 99 % confidence, clustered by user.

If the file has weights, the rule also compares their sums:

- With \`calibration: weight\`, the rate by weight must be the rate of the log.
- With \`calibration: formula\` or without calibration, negatives must have the weight 1.
- With either calibration, the rule includes the weights of positives: an event of weight 5 turns a rate of 27.5 % into
  65.5 %. Without calibration, it ignores them.`,
    source: `He et al., *Practical Lessons from Predicting Clicks on Ads at Facebook* (ADKDD 2014), give the formula.
The limit is our choice.`,
    wrong: {
      text: changed('fine_ranking'),
      reportedAt: '../out/fine_ranking.parquet',
      datasets: samples,
      answers: rates({
        file: { positives: 500, negatives: 475 },
        weights: { positives: 500, negatives: 4750, error: 0.05 },
      }),
    },
    right: { text: changed('fine_ranking'), datasets: samples },
  },
});

/** @param counts rows of the file, or sums of their weights */
function keptOf(split: Split, counts: NonNullable<Split['weights']>, expected: number): KeptRatio {
  const { log } = split;
  const ratio = counts.negatives / log.negatives / (counts.positives / log.positives);
  const factor = Math.exp(Z99 * Math.max(counts.error, drawError(split)));
  return { ratio, low: ratio / factor, high: ratio * factor, expected };
}

/** Standard error of the logarithm of the number of negatives if each is kept with the chance of the config. */
function drawError({ file, downsample }: Split): number {
  return Math.sqrt((1 - downsample) / file.negatives);
}

function isOff({ low, high, expected }: KeptRatio, max: number): boolean {
  return low > expected * (1 + max) || high < expected / (1 + max);
}

/** The rate of the positives if the negatives count `kept` times. */
function rateOf({ positives, negatives }: Split['log'], factor: number): number {
  return positives / (positives + factor * negatives);
}

function logLine({ split, log }: Split): Message {
  const [rate, all] = [percent(rateOf(log, 1)), log.positives + log.negatives];
  return split === 'train'
    ? message('The log of train has {0} positives in the {1} exposures that the config takes.', rate, all)
    : message('The log of eval has {0} positives in the {1} exposures that the config takes.', rate, all);
}

/** What to do if the positives are the cause. */
function weightLine({ file, weights, calibration }: Split): Message[] {
  const mean = (weights?.positives ?? 0) / file.positives;
  return calibration === null || Math.abs(mean - 1) < 1e-6
    ? []
    : [
        message(
          'Positives weigh {0} on average. calibration: {1} needs the weight 1: set it for their events, or remove calibration if the scores only sort items.',
          formatFloat(mean),
          calibration,
        ),
      ];
}

function keptLine({ ratio, low, high, expected }: KeptRatio): Message {
  return message(
    'Negatives kept for each positive, relative to the log: {0} (99 % bounds {1} to {2}); the config keeps {3}.',
    percent(ratio),
    percent(low),
    percent(high),
    percent(expected),
  );
}
