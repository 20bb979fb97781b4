import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

export interface WeightCounts {
  /** Rows with a label and a weight. Without a weight column, every weight is 1. */
  readonly rows: number;
  readonly positives: number;
  /** Σ w and Σ w² of the rows, and Σ w of the positives. */
  readonly sum: number;
  readonly squares: number;
  readonly positiveSum: number;
  readonly hasWeights: boolean;
  /** Rows whose weight is negative, or missing although the file has a weight column. */
  readonly invalid: number;
  /**
   * Positives and exposures of the log, as far as the config takes them, in the time of the file. Null without a log,
   * user or time, or if the stage draws its rows.
   */
  readonly log: { readonly positives: number; readonly exposures: number } | null;
  /** Share of the unclicked exposures that the config keeps; null without downsampling. */
  readonly downsample: number | null;
  /** How the config calibrates the rate. */
  readonly calibration: 'weight' | 'formula' | null;
}

const criteria = {
  weight: message('calibration: weight: the positive rate by weight must be that of the log'),
  formula: message('calibration: formula: the positive rate by the formula must be that of the log'),
} as const;

/**
 * Effective sample size (Σw)² / Σw² (Kish 1965), and the rate of the positives: raw, by weight Σwy / Σw, and after the
 * formula of He et al. (ADKDD 2014) q = p / (p + (1 − p) / w) for negatives downsampled to the share w; next to the
 * rate of the log.
 */
export const weights = defineMetric({
  id: 'weights',
  title: message('Weights and calibration'),
  measure(counts: WeightCounts): Measured {
    const {
      rows,
      positives,
      sum,
      squares,
      positiveSum,
      hasWeights,
      invalid: invalid,
      log,
      downsample,
      calibration,
    } = counts;
    const raw = quotient(positives, rows);
    const effective = squares === 0 ? null : (sum * sum) / squares;
    return {
      figures: [
        { id: 'effective_rows', label: message('effective sample size'), unit: 'number', value: effective },
        {
          id: 'effective_share',
          label: message('effective sample size / rows'),
          unit: 'share',
          value: effective === null ? null : quotient(effective, rows),
        },
        { id: 'raw_rate', label: message('positive rate of the rows'), unit: 'share', value: raw },
        ...(hasWeights
          ? [
              {
                id: 'weighted_rate',
                label: message('positive rate by weight'),
                unit: 'share' as const,
                value: quotient(positiveSum, sum),
              },
              { id: 'weight_sum', label: message('sum of the weights'), unit: 'number' as const, value: sum },
            ]
          : []),
        // With calibration: weight, the formula would calibrate a second time.
        ...(downsample === null || raw === null || calibration === 'weight'
          ? []
          : [
              {
                id: 'formula_rate',
                label: message('positive rate by the formula'),
                unit: 'share' as const,
                value: raw / (raw + (1 - raw) / downsample),
              },
            ]),
        ...(log === null
          ? []
          : [
              {
                id: 'log_rate',
                label: message('positive rate of the log'),
                unit: 'share' as const,
                value: quotient(log.positives, log.exposures),
              },
            ]),
      ],
      tables: [],
      notes: [
        ...(hasWeights ? [] : [message('There is no weight column: every row counts as 1')]),
        ...(log === null || calibration === null ? [] : [criteria[calibration]]),
        ...(invalid === 0 ? [] : [message('{0} rows have no weight, or a negative one', invalid)]),
      ],
    };
  },
});
