import { message, type Message } from '../../message/message.ts';
import { defineMetric, quotient, type Figure, type Measured, type MetricTable } from '../metric.ts';
import { clusterRatio, type ClusterSums, type Ratio } from '../../statistics/ratioInterval.ts';
import { Z95 } from '../../statistics/normalQuantile.ts';

/** Sums over groups of their positives x and negatives y. A group is a request, a time, or a user. */
export interface GroupSums {
  readonly groups: number;
  readonly withoutPositive: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

export interface ImpliedCounts {
  /** True if the file names the positive of each negative. */
  readonly namesPositive: boolean;
  /** By user: x are negatives, y are positives. Null without a user column. */
  readonly ratio: ClusterSums | null;
  /** Null if the columns do not identify groups. */
  readonly groups: GroupSums | null;
  /** Rows, and rows that are exposures of the log; null without a log. */
  readonly logged: { readonly rows: number; readonly exposures: number } | null;
  /** Inferred classes of the negatives, by user. x: negatives of the class, y: all negatives. Null if unknown. */
  readonly classes: readonly { readonly name: string; readonly shares: ClusterSums }[] | null;
  /** Share of uniform draws of the corpus that were exposed to the user by chance; null without a corpus. */
  readonly shownByChance: number | null;
  /** Values in the config; null without a config. */
  readonly config: { readonly unit: ImpliedUnit; readonly perGroup: number | null } | null;
}

export type ImpliedUnit = 'positive' | 'request' | 'impression';

/** Smallest share of the rows that are exposures of the log in a file of impressions. */
const minLoggedShare = 0.99;

/**
 * Negatives that each further positive of a group brings, by least squares over groups, with its 95 % interval. Null if
 * all groups have equally many positives.
 */
export function negativesOfPositive({ groups, x, y, xx, xy, yy }: GroupSums): Ratio | null {
  const spread = xx - (x * x) / groups;
  if (groups < 3 || !(spread > 1e-9)) return null;
  const value = (xy - (x * y) / groups) / spread;
  const residual = Math.max(0, yy - (y * y) / groups - value * value * spread);
  const halfWidth = Z95 * Math.sqrt(residual / (groups - 2) / spread);
  return { value, low: value - halfWidth, high: value + halfWidth };
}

/**
 * The unit that probably drew the file. `impression`: the rows are the exposures of the log, including groups without a
 * positive. `positive`: each further positive of a group brings further negatives. `request`: it brings none. Null if
 * the file is ambiguous.
 */
export function impliedUnit({ logged: logged, groups, namesPositive }: ImpliedCounts): ImpliedUnit | null {
  if (
    logged !== null &&
    logged.rows > 0 &&
    logged.exposures / logged.rows >= minLoggedShare &&
    groups &&
    groups.withoutPositive > 0
  )
    return 'impression';
  if (namesPositive) return 'positive';
  const slope = groups && negativesOfPositive(groups);
  if (!slope) return null;
  if (slope.low > 0) return 'positive';
  return slope.high >= 0 ? 'request' : null;
}

/** Sampling settings that can be inferred from the file: unit, ratio, and the classes of its negatives. */
export const implied = defineMetric({
  id: 'implied',
  title: message('What the file implies'),
  measure(counts: ImpliedCounts): Measured {
    const { ratio, groups, classes, config, logged: shown } = counts;
    const slope = groups && negativesOfPositive(groups);
    const interval = (id: string, label: Message, ratio: Ratio | null): Figure[] =>
      ratio === null ? [] : [{ id, label, unit: 'ratio', value: ratio.value, low: ratio.low, high: ratio.high }];
    return {
      figures: [
        { id: 'unit', label: message('unit'), unit: 'text', value: impliedUnit(counts) },
        ...(config === null
          ? []
          : [{ id: 'config_unit', label: message('unit of the config'), unit: 'text' as const, value: config.unit }]),
        ...interval('ratio', message('negatives per positive'), ratio && clusterRatio(ratio)),
        ...(config === null || config.perGroup === null
          ? []
          : [
              {
                id: 'config_per_group',
                label: message('negatives per group in the config'),
                unit: 'ratio' as const,
                value: config.perGroup,
              },
            ]),
        ...interval('per_further_positive', message('negatives per further positive of a group'), slope),
        ...(shown === null
          ? []
          : [
              {
                id: 'shown',
                label: message('rows that are exposures of the log'),
                unit: 'share' as const,
                value: quotient(shown.exposures, shown.rows),
              },
            ]),
      ],
      tables: classes === null ? [] : [classTable(classes, counts.shownByChance)],
      notes: [
        message('Intervals: 95 %, clustered by user'),
        ...(groups === null ? [message('The columns do not identify groups: there is no request and no time')] : []),
      ],
    };
  },
});

const classTexts = {
  exposed_unclicked: message('exposed, not clicked'),
  exposed_clicked: message('exposed and clicked'),
  candidate: message('candidate'),
  corpus_only: message('corpus only'),
  unknown: message('unknown'),
};

function classTable(classes: NonNullable<ImpliedCounts['classes']>, chance: number | null): MetricTable {
  return {
    id: 'classes',
    shape: 'list',
    columns: [
      { id: 'class', label: message('class'), unit: 'text', texts: classTexts },
      { id: 'rows', label: message('rows'), unit: 'count' },
      { id: 'share', label: message('share'), unit: 'share' },
      { id: 'low', label: message('low'), unit: 'share' },
      { id: 'high', label: message('high'), unit: 'share' },
      { id: 'by_chance', label: message('of uniform draws by chance'), unit: 'share' },
    ],
    rows: classes.map(({ name, shares }) => {
      const ratio = clusterRatio(shares);
      return [
        name,
        shares.x,
        ratio?.value ?? null,
        ratio ? Math.max(0, ratio.low) : null,
        ratio ? Math.min(1, ratio.high) : null,
        name === 'exposed_unclicked' ? chance : null,
      ];
    }),
  };
}
