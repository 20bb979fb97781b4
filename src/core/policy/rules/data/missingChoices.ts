import { atMostP } from '../../../statistics/chernoff.ts';
import { datasetPath, sampleName } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message } from '../../../message/message.ts';
import { formatCount } from '../../../table/format.ts';
import { chanceNeeds, chancesUnknown } from '../../chanceNeeds.ts';
import { changed } from '../../examples/example.ts';
import { noChances } from '../../examples/noChances.ts';
import { defineRule, type Report } from '../../rule.ts';
import { shareOption } from '../../shareOption.ts';

export const later = (expected: number, observed: number): Pick<Answers, 'chances'> => ({
  chances: {
    ...noChances,
    later: { draws: 1167, expected, observed },
  },
});

export const missingChoices = defineRule({
  id: 'data/missing-choices',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {
    min_share: shareOption(
      0.5,
      message(
        'The smallest number of negatives that their users choose later, as a share of the expected number. 0.5 is a choice of this tool.',
      ),
    ),
    p: shareOption(
      0.0001,
      message(
        'The rule reports a file only if so few happen by chance with a smaller probability. 0.0001 is a choice of this tool.',
      ),
    ),
  },
  needs: (context) => (context.stage.entries.length > 0 ? chanceNeeds(context) : []),
  comparesNothing: (context) => chancesUnknown(context, ({ later }) => [later.draws]),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'chances', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { draws, expected, observed } = answer.value.later;
    const p = atMostP(observed, expected);
    if (p >= options.p || observed >= options.min_share * expected) return;
    yield {
      at: [...datasetPath(sampleName(stage.name)), 'path'],
      message: message(
        '{0} of {1} negatives from pools are chosen later by their users, but the config leads to {2}',
        formatCount(observed),
        formatCount(draws),
        expected < 100 ? expected.toPrecision(3) : formatCount(Math.round(expected)),
      ),
      details: [
        message('By chance, so few happen with a probability of at most {0}.', p.toPrecision(2)),
        message(
          'The sampler knew the later choices of its users and excluded them, or it draws from another distribution than the config.',
        ),
      ],
    };
  },
  docs: {
    summary: 'Negatives from which the later choices of their users are missing',
    why: `A sampler cannot know what a user will choose after the request. So in an honest file, users choose a few of their
negatives later. A file without such negatives was made with knowledge of the future: the model learns that what was not
drawn will be clicked, and its offline metric is too good.

The rule draws the groups of the file again, as \`data/log-q\` does. For each group, it takes the items that the user
chooses later, in the whole log, and sums the probabilities that the pools draw them:

expected = Σ 1 − (1 − q)^n

q is the probability of one draw, after exclusion and eligibility, and n is the number of draws of the entry.

- What the config excludes has q = 0. So \`within: train\` may exclude choices until the training cut.
- If the log does not reach beyond what the config excludes, nothing is expected and nothing is reported.
- Lists such as \`exposed_unclicked\` do not count. At most a thousand users are compared, and files of another config are
  not compared.
- The rule also reports a file of another tool that prefers rarely chosen items more than the config.`,
    source: `The draws are the only chance in this test, so it does not matter if users choose alike. Draws of a group are distinct, so
they are negatively associated and Chernoff's bound holds: P ≤ e^(k − E) (E/k)^k for k observed and E expected (Dubhashi
and Ranjan, *Balls and bins*, BRICS 1996). For k = 0, it is e^−E. The limits are choices of this tool.`,
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: later(31.4, 0),
    },
    right: { text: changed('recall') },
  },
});
