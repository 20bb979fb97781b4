import { atLeastP } from '../../../statistics/chernoff.ts';
import { datasetPath, sampleName } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message } from '../../../message/message.ts';
import { formatCount } from '../../../table/format.ts';
import { chanceNeeds, chancesUnknown } from '../../chanceNeeds.ts';
import { changed } from '../../examples/example.ts';
import { noChances } from '../../examples/noChances.ts';
import { defineRule, type Report } from '../../rule.ts';
import { shareOption } from '../../shareOption.ts';

export const drawn = (draws: number, outside: number): Pick<Answers, 'chances'> => ({
  chances: {
    ...noChances,
    outside: [{ name: 'popularity', draws, outside }],
  },
});

export const impossibleDraw = defineRule({
  id: 'data/impossible-draw',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {
    max: shareOption(
      0.001,
      message(
        'The share of the draws of a pool that may be of items outside of it, because rows of the log arrived late. 0.001 is a choice of this tool.',
      ),
    ),
    p: shareOption(
      0.0001,
      message(
        'The rule reports an entry only if so many draws happen by chance with a smaller probability. 0.0001 is a choice of this tool.',
      ),
    ),
  },
  needs: (context) => (context.stage.entries.length > 0 ? chanceNeeds(context) : []),
  comparesNothing: (context) => chancesUnknown(context, ({ outside }) => outside.map(({ draws }) => draws)),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'chances', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    for (const { name, draws, outside } of answer.value.outside) {
      if (atLeastP(outside, draws, options.max) >= options.p) continue;
      yield {
        at: [...datasetPath(sampleName(stage.name)), 'path'],
        message: message(
          '{0} of {1} draws of {2} have the probability 0: their items are not in its pool',
          formatCount(outside),
          formatCount(draws),
          name,
        ),
        details: [
          message(
            'The pool has the items with events in the window of its counts, until the training cut. A sampler that counts the whole log also draws items that become popular later.',
          ),
        ],
      };
    }
  },
  docs: {
    summary: 'Draws of a pool are impossible by the config',
    why: `A sampler that counts the popularity over the whole log, and not until the training cut, draws items that
nobody knew at that time. The model then learns that the popular items of tomorrow are negatives today, and its offline
metric says nothing about production. The mix of the file is right all the same.

The rule draws the groups of the file again, as \`data/log-q\` does. It counts the draws whose item is not in the pool
of their group: without a count in the window and without smoothing, or left out by \`where\`. By the config, such a
draw has the probability 0. Draws of items that the user or the group excludes belong to \`data/false-negative\`, and
items that did not exist yet to \`data/unknown-item\`.

Rows of the log that arrived after the file was written can cause a few such draws. So the rule tests whether their
share is above \`max\`: it reports them if the probability of so many is below \`p\` even at that share. At most a
thousand users are compared, and files of another config are not.`,
    source: `The test is the bound of Chernoff for a binomial count: exp(−n KL(k/n, max)) for k of n draws. It is at
least as large as the exact probability, so small files have no false alarms. The limits are choices of this tool.`,
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: drawn(584, 31),
    },
    right: { text: changed('recall') },
  },
});
