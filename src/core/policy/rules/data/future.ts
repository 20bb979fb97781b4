import { datasetEntry, samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message, type Message } from '../../../message/message.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { roleNeeds } from '../../sampleNeeds.ts';
import { percent } from '../../shares.ts';

type Future = Answers['future-rows'];

export const rows = (overrides: Partial<Future>): Pick<Answers, 'future-rows'> => ({
  'future-rows': {
    rows: 1567,
    compared: 1567,
    labels: 0,
    exposures: 0,
    declared: 0,
    rejections: 0,
    teachers: 0,
    examples: [],
    ...overrides,
  },
});

export const future = defineRule({
  id: 'data/future',
  kind: 'data',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => {
    const { config, stage } = context;
    return config.window?.train?.to !== undefined && stage.unit !== undefined
      ? roleNeeds(context, ['user', 'time'], 'future-rows', ['impressions', ...teacherData(context)])
      : [];
  },
  comparesNothing: nothingIn('future-rows', ({ compared }) => noRows(compared)),
  *check({ facts, stage }): Iterable<Report> {
    const answer = facts.answer({ kind: 'future-rows', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { rows: all, labels, exposures, declared, rejections, teachers, examples } = answer.value;
    const at = samplePathKey(stage.name);
    if (declared > 0)
      yield {
        at,
        severity: 'info',
        message: message(
          '{0} of {1} rows are negatives that their user saw only after the positive ({2})',
          declared,
          all,
          percent(declared / all),
        ),
        details: [
          message('The config takes them with before: false. At the time of the positive, the user had not seen them.'),
        ],
      };
    const future = labels + exposures + rejections + teachers;
    if (future === 0) return;
    yield {
      at,
      message:
        future === 1
          ? message('1 of {0} rows comes from an event that was not known yet', all)
          : message('{0} of {1} rows come from events that were not known yet', future, all),
      details: [...reasons(answer.value), ...exampleRows(examples)],
    };
  },
  docs: {
    summary: 'Rows use clicks, exposures, rejections or scores that were not known yet',
    why: `A training file may use only what happened up to the training cut. Otherwise the model learns the outcomes on
which it is evaluated: the metric rises, but the model is not better.

The rule looks up the first evidence of each row in the log:

- a positive whose first event comes after the time until which outcomes are known,
- an exposed-unclicked row whose first exposure comes after that time, or, in the unit positive and without
  \`before: false\`, after its group; the latter only with \`scope: user\` or request ids in the impressions,
  Where the config says \`before: false\`, their number is an info,
- a rejection that comes after that time, or, for an entry with \`before: true\`, after its group,
- a value of the teacher that the user and the item got only in a later request, and neither in an earlier one nor in the
  row's own. The file must have the request of each row.

Outcomes of train are known until \`window.train.to\`, outcomes of eval until \`window.known_until\` (without this key,
there is no limit). The split comes from the lock file. Without a lock file, a file whose rows are all after the cut is
an eval file. Other rules report rows without any evidence.

Other parts of a row can be from the future too: \`data/pass-through\` checks values of features, \`data/log-q\` the counts,
and \`data/time-leak\` the times of the rows.`,
    source: 'How the config language defines the time until which outcomes are known.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: rows({
        rejections: 12,
        examples: [{ user_id: '7203685477500600529', item_id: '4820193308562714772', source: 'rejected' }],
      }),
    },
    right: { text: changed('recall') },
  },
});

function reasons({ labels, exposures, rejections, teachers }: Future): Message[] {
  return [
    ...(labels > 0 ? [message('Positives whose event happened later: {0}.', labels)] : []),
    ...(exposures > 0 ? [message('Exposed-unclicked rows that were shown only later: {0}.', exposures)] : []),
    ...(rejections > 0 ? [message('Rejections that happened later: {0}.', rejections)] : []),
    ...(teachers > 0 ? [message('Scores of the teacher from later requests: {0}.', teachers)] : []),
  ];
}

/** The candidates, if they have the scores of the teacher. */
function teacherData({ config, stage }: RuleContext): readonly 'candidates'[] {
  const { teacher } = stage.draft;
  const isThere = teacher !== undefined && (teacher.from ?? 'candidates') === 'candidates';
  return isThere && datasetEntry(config, 'candidates') !== undefined ? ['candidates'] : [];
}
