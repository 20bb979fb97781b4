import type { Answers } from '../../../data/facts.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { drawnDatasets } from '../../drawnStage.ts';
import { settingsOf, splitsOf } from '../../refusals.ts';
import { defineRule, type Report } from '../../rule.ts';

const twice: Pick<Answers, 'refusal'> = {
  refusal: {
    code: 'bad-request',
    refusal: 'repeated-item',
    message: message('The corpus has {0} rows of the item {1}', 2, '4820193308562714772'),
    advice: message('Keep one row for each item: it is unknown which one is right.'),
    place: { path: '/demo/data/items.parquet', column: 'item_id' },
  },
};

export const dataRefused = defineRule({
  id: 'data/refused',
  kind: 'data',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: ({ config, stage }) => [
    ...drawnDatasets(config).map((dataset) => ({ dataset })),
    ...splitsOf(config).map((split) => ({ question: { kind: 'refusal', stage: stage.name, split } as const })),
  ],
  *check(context): Iterable<Report> {
    const { config, stage, facts } = context;
    for (const split of splitsOf(config)) {
      const answer = facts.answer({ kind: 'refusal', stage: stage.name, split });
      if (!answer || !('value' in answer) || answer.value === null) continue;
      const { message: text, advice } = answer.value;
      const unless = settingsOf(answer.value, context);
      yield { at: unless[0], message: text, details: advice ? [advice] : [], unless };
    }
  },
  docs: {
    summary: 'RecSample cannot sample the stage, because of the rows of its data or the path of its file',
    why: `Some problems appear only when rows are read: two rows of an item in the corpus, a text that is not a time, a
window without positives, a sample file inside its own input. \`recsample sample\` then writes nothing. This rule reads
the data like that command and reports the same problems.

It draws rows only if necessary. With \`on_shortfall: fail\`, it draws at most a thousand random users, so it can miss a
shortfall of other users.`,
    source: `The sampler reports these problems itself.`,
    wrong: { text: changed('recall'), reportedAt: 'item_id', after: 'items.parquet', answers: twice },
    right: { text: changed('recall') },
  },
});
