import { clicksOf } from '../../../data/dataColumns.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { drawnDatasets } from '../../drawnStage.ts';
import { splitsOf } from '../../refusals.ts';
import { defineRule, type Report } from '../../rule.ts';

export const schemaRefused = defineRule({
  id: 'schema/refused',
  kind: 'schema',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => {
    const names = [...drawnDatasets(context.config), ...clicksOf(context.config).map(({ name }) => name)];
    const needs = datasetNeeds(context, names);
    // A Spark job knows tables by their declared columns.
    return needs.length === names.length ? needs : [];
  },
  *check({ config, stage, planned }): Iterable<Report> {
    for (const split of splitsOf(config)) {
      for (const problem of planned(stage.name, split)) {
        if (problem.refusal === null) continue;
        const { message: text, path, advice, causes = [] } = problem;
        const at = path ?? ['stages', stage.name];
        yield { at, on: 'key', message: text, details: advice ? [advice] : [], unless: [at, ...causes] };
      }
    }
  },
  docs: {
    summary: 'RecSample cannot sample the stage, because of the config or the columns of its data',
    why: `\`recsample sample\` writes no file if it would have to leave out a part of the config, and \`recsample preview\`
shows the rest. This rule plans every stage and split like these commands and reports the same problems, unless another
rule already reports them as an error.`,
    source: `The sampler reports these problems itself.`,
    wrong: {
      text: changed('recall', ['events: {click: 1, long_play: 2}', 'events: {}']),
      reportedAt: 'positives',
      planned: [
        {
          message: message('No event is a positive'),
          path: ['stages', 'recall', 'positives'],
          refusal: 'positives-missing',
        },
      ],
    },
    right: { text: changed('recall') },
  },
});
