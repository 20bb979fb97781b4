import { atMostP } from '../../../statistics/chernoff.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
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
        'Minimum number of negatives that their users choose later, as a share of the expected number. Our choice.',
      ),
    ),
    p: shareOption(0.0001, message('Significance level: the probability that so few occur by chance. Our choice.')),
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
      at: samplePathKey(stage.name),
      message: message(
        '{0} of {1} negatives from pools are chosen later by their users, but the config leads to {2}',
        formatCount(observed),
        formatCount(draws),
        expected < 100 ? expected.toPrecision(3) : formatCount(Math.round(expected)),
      ),
      details: [
        message('The probability of so few by chance is at most {0}.', p.toPrecision(2)),
        message(
          'The sampler knew the later choices of its users and excluded them, or it draws from another distribution than the config.',
        ),
      ],
    };
  },
  docs: {
    summary: 'No negative is an item that its user clicks later, so the sampler may have known the future',
    why: `A sampler cannot know what a user will choose after the request. So in a correct file, users later choose a
few of the items that are their negatives. If there are none, the sampler knew the future. The model then learns "not
drawn means clicked later", and offline metrics are too high.

The rule draws the groups of the file again, as \`data/log-q\` does. For each group, it takes the items that the user
chooses later, in the whole log, and sums the probabilities that the pools draw them:

expected = Σ 1 − (1 − q)^n

q is the probability of one draw, after exclusion and eligibility, and n is the number of draws of the entry.

- Excluded items have q = 0. So with \`within: train\`, choices until the training cut are not expected.
- If the log ends where the exclusion ends, the expected number is 0 and the rule reports nothing.
- The rule uses only pools, not lists such as \`exposed_unclicked\`. At most a thousand users are compared, and files of
  another config are not.
- It also fires for files of other tools that draw unpopular items more often than the config says.`,
    source: `Only the draws are random in this test, so correlated users do not matter. Draws of a group are distinct,
so they are negatively associated and Chernoff's bound holds: P ≤ e^(k − E) (E/k)^k for k observed and E expected
(Dubhashi and Ranjan, *Balls and bins*, BRICS 1996). For k = 0, it is e^−E. The limits are our choice.`,
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: later(31.4, 0),
    },
    right: { text: changed('recall') },
  },
});
