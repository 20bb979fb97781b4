import { dataColumn } from '../../../data/dataColumns.ts';
import { message } from '../../../message/message.ts';
import { stagesReached } from '../../../source/drawPlan.ts';
import type { Entry } from '../../../config/entries.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const shownFor = (unknown: number) =>
  ({
    'candidate-stages': {
      rows: 81_200,
      unknown,
      values: unknown === 0 ? [] : [{ value: 'shown', rows: unknown }],
    },
  }) as const;

export const candidateStage = defineRule({
  id: 'data/candidate-stage',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) =>
    stageEntries(context).length > 0 && dataColumn(context.config, 'candidates', 'reached') !== undefined
      ? [{ dataset: 'candidates' }, { question: { kind: 'candidate-stages', stage: context.stage.name } }]
      : [],
  comparesNothing: nothingIn('candidate-stages', ({ rows }) => noRows(rows)),
  *check(context): Iterable<Report> {
    const { config, facts, stage } = context;
    const reached = dataColumn(config, 'candidates', 'reached');
    const answer = facts.answer({ kind: 'candidate-stages', stage: stage.name });
    if (!reached || !answer || !('value' in answer) || answer.value.unknown === 0) return;
    const { rows, unknown, values } = answer.value;
    const [example] = values;
    yield {
      at: reached.path,
      message:
        unknown === 1
          ? message('1 of {0} candidates has an unknown stage in {1}: {2}', rows, reached.name, example?.value ?? '')
          : message(
              '{0} of {1} candidates have an unknown stage in {2}, such as {3}',
              unknown,
              rows,
              reached.name,
              example?.value ?? '',
            ),
      details: [
        message(
          'Unknown values, with rows: {0}.',
          values.map((example) => `${example.value} (${example.rows})`).join(', '),
        ),
        message(
          'Known values are {0}. For {1}, rows with any other value have reached no stage.',
          stagesReached.join(', '),
          stageEntries(context)
            .map(({ name }) => name)
            .join(', '),
        ),
      ],
    };
  },
  docs: {
    summary: 'Candidates name a stage of the funnel that RecSample does not know',
    why: `\`ranked_unexposed\` and \`coarse_filtered\` read the furthest stage that a candidate entered. It must be
\`recall\`, \`coarse\`, \`fine\` or \`exposed\`. If a log writes \`prerank\` for
\`coarse\`, \`coarse_filtered\` finds no items. If it writes \`shown\` for \`exposed\`, RecSample ignores the value. If
another row of the item has \`fine\`, the item then looks unexposed and may be drawn.

The rule counts the values of the column \`reached\` in all rows of \`data.candidates\`. A missing value is not
reported. Map your names to these four, in the log or in another column, before you sample.`,
    source: 'How the config language defines `reached`.',
    wrong: { text: changed('coarse_ranking'), reportedAt: 'reached', after: 'reached: ', answers: shownFor(9120) },
    right: { text: changed('coarse_ranking'), answers: shownFor(0) },
  },
});

/** The entries of the stage that draw candidates by the stage that they reached. */
function stageEntries({ stage }: Pick<RuleContext, 'stage'>): Entry[] {
  return stage.entries.filter(({ source }) =>
    source?.inputs.some(({ columns }) => columns.some((column) => column === 'reached')),
  );
}
