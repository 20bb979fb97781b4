import { aucError } from '../../../statistics/aucError.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message, type Message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { files } from '../../examples/files.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { outputColumn } from '../../outputColumn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';
import { Z99 } from '../../../statistics/normalQuantile.ts';
import { shareOption } from '../../shareOption.ts';

type Column = Answers['column-labels']['columns'][number];

export const file = files(
  'user_id:int64 item_id:int64 label:int8 source:string request:int64 time:timestamp teacher:double',
);

export const values = (column: Partial<Column>): Pick<Answers, 'column-labels'> => ({
  'column-labels': {
    rows: 5200,
    columns: [
      {
        name: 'teacher',
        positives: 200,
        negatives: 5000,
        knownPositives: 200,
        knownNegatives: 1800,
        distinct: 1900,
        auc: 0.74,
        userError: 0,
        isNullByName: false,
        ...column,
      },
    ],
  },
});

export const teacher = defineRule({
  id: 'data/teacher',
  kind: 'data',
  severity: 'warning',
  stages: ['coarse_ranking', 'fine_ranking'],
  options: {
    min_auc: shareOption(
      0.5,
      message(
        'The smallest area under the curve of the teacher against the label. A smaller one is reported with 99 % confidence. 0.5 is what a teacher without knowledge has.',
      ),
    ),
  },
  needs: (context) =>
    context.stage.draft.teacher !== undefined && outputColumn(context, 'teacher') !== null
      ? sampleNeeds(context, 'column-labels')
      : [],
  comparesNothing: (context) => {
    const name = outputColumn(context, 'teacher');
    return nothingIn('column-labels', ({ columns }) =>
      noRows(...columns.map((column) => (column.name === name ? column.positives + column.negatives : 0))),
    )(context);
  },
  *check(context): Iterable<Report> {
    const { facts, stage, options } = context;
    const answer = facts.answer({ kind: 'column-labels', stage: stage.name });
    const name = outputColumn(context, 'teacher');
    if (!answer || !('value' in answer) || name === null) return;
    const teacherColumn = answer.value.columns.find((teacherColumn) => teacherColumn.name === name);
    const text = teacherColumn && faultOf(teacherColumn, options.min_auc);
    if (!text) return;
    yield {
      at: samplePathKey(stage.name),
      message: text,
      details: [
        message(
          'With a value: {0} of {1} positives and {2} of {3} negatives.',
          teacherColumn.knownPositives,
          teacherColumn.positives,
          teacherColumn.knownNegatives,
          teacherColumn.negatives,
        ),
      ],
    };
  },
  docs: {
    summary: 'The scores of the teacher are missing, all equal, or inverted',
    why: `A student learns from the teacher. An empty column (for example after a join) or one value for all rows
teaches nothing. A loss or a rank, where less is better, teaches the opposite. Training does not fail in these cases.

The rule looks at the column \`teacher\` of the sample file and reports it if

- no row has a value,
- at least a hundred rows have one and the same value, or
- the area under the curve (AUC) against the label is below \`min_auc\` with 99 % confidence.

Rows without a value are left out, as with \`on: exposed\`. In files with more than 200,000 rows, a part of the rows is
ranked.`,
    source: `The AUC is the probability that a positive has a higher score than a negative. 0.5 is a random order. Its
error is the larger one of two: Hanley and McNeil (Radiology 1982), and rows clustered by user (Obuchowski, Biometrics
1997).`,
    wrong: {
      text: changed('coarse_ranking'),
      reportedAt: '../out/coarse_ranking.parquet',
      datasets: { 'samples.coarse_ranking': file },
      answers: values({ auc: 0.26 }),
    },
    right: { text: changed('coarse_ranking') },
  },
});

/** Rows from which on a single value is no coincidence. */
const MANY_ROWS = 100;

function faultOf(column: Column, minRows: number): Message | null {
  const { positives, negatives, knownPositives, knownNegatives, distinct, auc, userError } = column;
  const knownRows = knownPositives + knownNegatives;
  if (positives + negatives === 0) return null;
  if (knownRows === 0) return message('No row has a score of the teacher');
  if (distinct === 1 && knownRows >= MANY_ROWS) return message('All {0} scores of the teacher are equal', knownRows);
  const error = auc === null ? null : aucError(auc, knownPositives, knownNegatives, userError);
  if (auc === null || error === null || auc + Z99 * error >= minRows) return null;
  return message('The teacher ranks positives below negatives: its AUC is {0}', auc.toFixed(3));
}
