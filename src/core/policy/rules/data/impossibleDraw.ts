import { atLeastP } from '../../../statistics/chernoff.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
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
      message('Allowed share of draws outside the pool, for log rows that arrived late. Our choice.'),
    ),
    p: shareOption(0.0001, message('Significance level: the probability of so many draws by chance. Our choice.')),
  },
  needs: (context) => (context.stage.entries.length > 0 ? chanceNeeds(context) : []),
  comparesNothing: (context) => chancesUnknown(context, ({ outside }) => outside.map(({ draws }) => draws)),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'chances', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    for (const { name, draws, outside } of answer.value.outside) {
      if (atLeastP(outside, draws, options.max) >= options.p) continue;
      yield {
        at: samplePathKey(stage.name),
        message: message(
          '{0} of {1} draws of {2} have the probability 0: their items are not in its pool',
          formatCount(outside),
          formatCount(draws),
          name,
        ),
        details: [
          message(
            'The pool contains items with events in its counting window, up to the training cut. A sampler that counts the whole log also draws items that become popular later.',
          ),
        ],
      };
    }
  },
  docs: {
    summary: 'The sample has negatives that the config can never draw from this pool',
    why: `If a sampler counts popularity over the whole log instead of up to the training cut, it draws items that
nobody knew yet. The model then learns that the popular items of tomorrow are negatives today, and its offline metric
says nothing about production. The mix of the file still looks right, so \`data/mix\` does not find this.

The rule draws the groups of the file again, as \`data/log-q\` does. It counts draws whose item has probability 0 under
the config: the item has no events in the window (and \`smoothing\` is 0), or \`where\` filters it out. Other rules
report excluded items ([data/false-negative](false-negative.md)) and items that did not exist yet
([data/unknown-item](unknown-item.md)).

Rows of the log that arrived after the file was written can cause a few such draws. So the rule allows a share of
\`max\`. It reports the entry if the observed number is unlikely (probability below \`p\`) even at that share. At most a
thousand users are compared, and files of another config are not.`,
    source: `The test is Chernoff's bound for a binomial count: exp(−n KL(k/n, max)) for k of n draws. It is at least as
large as the exact probability, so it is conservative for small files. The limits are our choice.`,
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: drawn(584, 31),
    },
    right: { text: changed('recall') },
  },
});
