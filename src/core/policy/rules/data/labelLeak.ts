import { aucError } from '../../../statistics/aucError.ts';
import { dataColumns, sampleName, samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { isReservedName } from '../../../data/outputName.ts';
import { isAsOf } from '../../../data/passThrough.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { percent } from '../../shares.ts';
import { passThroughColumns } from '../../resolvedPasses.ts';
import { nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';
import { Z99 } from '../../../statistics/normalQuantile.ts';
import { wilsonInterval } from '../../../statistics/wilsonInterval.ts';

export type Column = Answers['column-labels']['columns'][number];

export const values = (column: Partial<Column>): Pick<Answers, 'column-labels'> => ({
  'column-labels': {
    rows: 1567,
    columns: [
      {
        name: 'dwell',
        positives: 146,
        negatives: 1421,
        knownPositives: 146,
        knownNegatives: 1421,
        distinct: 900,
        auc: 0.6,
        userError: 0,
        isNullByName: false,
        ...column,
      },
    ],
  },
});

export const labelLeak = defineRule({
  id: 'data/label-leak',
  kind: 'data',
  alone: true,
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    max: {
      kind: 'number',
      fallback: 0.99,
      min: 0.5,
      max: 1,
      doc: message(
        'The largest area under the curve that a column may have against the label, in either direction. A larger one is reported with 99 % confidence. Our choice: no feature known before the event ranks clicks so well.',
      ),
    },
    min_rows: {
      kind: 'number',
      fallback: 50,
      min: 1,
      max: 1e9,
      doc: message('The rule does not check files with fewer positives or fewer negatives.'),
    },
  },
  needs: (context) => sampleNeeds(context, 'column-labels'),
  comparesNothing: (context) => {
    const exempt = exemptNames(context);
    return nothingIn('column-labels', ({ columns }) => {
      const features = columns.filter(({ name }) => !exempt(name));
      const { min_rows: minRows } = context.options;
      if (features.length === 0) return message('the file has no columns of features');
      return features.some(({ positives, negatives }) => Math.min(positives, negatives) >= minRows)
        ? null
        : message('fewer positives or fewer negatives than min_rows, {0}', minRows);
    })(context);
  },
  *check(context): Iterable<Report> {
    const { facts, stage, options } = context;
    const answer = facts.answer({ kind: 'column-labels', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const exempt = exemptNames(context);
    const isRead = asOfNames(context);
    for (const column of answer.value.columns) {
      const { name, positives, negatives, auc } = column;
      if (exempt(name) || Math.min(positives, negatives) < options.min_rows) continue;
      const at = samplePathKey(stage.name);
      if (isNullForDraws(column))
        yield {
          at,
          message: message('{0} is NULL exactly for sampled negatives: it gives the label away', name),
          details: [message('Take the value from the item, or leave the column out.')],
        };
      else if (!isRead(name) && isNullForLabel(column))
        yield {
          at,
          message: message(
            '{0} is NULL in {1} of the positives and {2} of the negatives: NULL gives the label away',
            name,
            percent(nullShares(column).positives),
            percent(nullShares(column).negatives),
          ),
          details: [
            message(
              'Read it for positives and negatives alike: as of a time before the request, not from the own row.',
            ),
          ],
        };
      else if (auc !== null && isCertain(column, options.max))
        yield {
          at,
          message: message(
            '{0} predicts the label with an AUC of {1}: it is known only after the event',
            name,
            auc.toFixed(4),
          ),
          details: [message('Leave the column out, or compute it from events before the row.')],
        };
    }
  },
  docs: {
    summary: 'A column of a sample file gives the label away',
    why: `A feature that is known only after the event, such as the time spent on the item, predicts the click perfectly in the
file, but is missing in serving. A feature that only exposures have tells the model which negatives were sampled. In both
cases, the offline metric is excellent and the model is useless.

The rule reports three kinds of columns, the first two with 99 % confidence:

- **Numbers and booleans** whose area under the curve (AUC) against the label is above \`max\`, in either direction.
- **Columns of any type** that are NULL for one label at least twenty times as often as for the other, in at least 5 % of
  its rows. This happens if positives take a value from their own row, and negatives from an older one.
- **Columns that mark draws:** set for all positives, and NULL exactly for all negatives of an entry.

Some columns are exempt, because not every row has them: columns with a role in \`data.samples\`, columns that RecSample
writes, and pass-through columns of candidates or with the side \`exposure\`. [data/pass-through](pass-through.md)
checks NULLs of as-of values. In files with more than 200,000 rows, the rule ranks a part of the rows.`,
    source: `The error of the AUC is the larger one of two: Hanley and McNeil (Radiology 1982), and rows clustered by user (Obuchowski,
Biometrics 1997). The limit is our choice.`,
    wrong: { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: values({ auc: 0.9999 }) },
    right: { text: changed('recall') },
  },
});

function isNullForDraws({ positives, negatives, knownPositives, knownNegatives, isNullByName }: Column): boolean {
  return isNullByName && knownPositives === positives && knownNegatives < negatives;
}

/** The smallest share of NULLs, and how many times it must be that of the other label: choices of this tool. */
const MIN_NULL_SHARE = 0.05;
const MIN_NULL_RATIO = 20;

function nullShares({ positives, negatives, knownPositives, knownNegatives }: Column): {
  readonly positives: number;
  readonly negatives: number;
} {
  return { positives: 1 - knownPositives / positives, negatives: 1 - knownNegatives / negatives };
}

/** True if NULLs of one label are far more frequent, even at the near ends of both intervals. */
function isNullForLabel({ positives, negatives, knownPositives, knownNegatives }: Column): boolean {
  const [positiveNulls, negativeNulls] = [
    wilsonInterval(positives - knownPositives, positives, Z99),
    wilsonInterval(negatives - knownNegatives, negatives, Z99),
  ];
  const [fewer, more] =
    positiveNulls.low < negativeNulls.low ? [positiveNulls, negativeNulls] : [negativeNulls, positiveNulls];
  return more.low >= MIN_NULL_SHARE && more.low >= MIN_NULL_RATIO * fewer.high;
}

function isCertain({ auc, knownPositives, knownNegatives, userError }: Column, limit: number): boolean {
  const distinctness = Math.max(auc ?? 0, 1 - (auc ?? 1));
  const error = aucError(distinctness, knownPositives, knownNegatives, userError);
  return error !== null && distinctness - Z99 * error > limit;
}

/** Columns that are no features of every row. */
function exemptNames({ config, facts, stage }: RuleContext): (name: string) => boolean {
  const roles = dataColumns(config, sampleName(stage.name)).map(({ name }) => name);
  const partial = passThroughColumns({ config, facts }).flatMap(({ side, name }) =>
    side === 'exposure' || side === 'candidate' ? [name] : [],
  );
  return (name) => isReservedName(name, roles) || partial.includes(name);
}

/** Columns whose values `data/pass-through` compares with the log: items that were never shown have NULL. */
function asOfNames({ config, facts }: RuleContext): (name: string) => boolean {
  const names = passThroughColumns({ config, facts }).flatMap((column) => (isAsOf(column) ? [column.name] : []));
  return (name) => names.includes(name);
}
