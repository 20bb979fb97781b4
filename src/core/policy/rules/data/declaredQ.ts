import { departure } from '../../../statistics/expectedShares.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message, type Message } from '../../../message/message.ts';
import { chanceNeeds, chancesUnknown } from '../../chanceNeeds.ts';
import { noChances } from '../../examples/noChances.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { percent } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

type Entry = Answers['chances']['entries'][number];

/** Popularity with these observed draws, the most popular tenth first. Each tenth should have 100. */
export const drawn = (observed: readonly number[], leftOut = 0): Pick<Answers, 'chances'> => ({
  chances: {
    ...noChances,
    entries: [
      {
        name: 'popularity',
        rows: observed.reduce((sum, count) => sum + count, 0),
        leftOut,
        bins: observed.map((count) => ({ observed: count, expected: 100 })),
        exponent: null,
      },
    ],
  },
});

export const declaredQ = defineRule({
  id: 'data/declared-q',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {
    max: shareOption(
      0.02,
      message(
        'Maximum total variation of the shares of the ten parts, above the 99th percentile of random draws. Our choice.',
      ),
    ),
    p: shareOption(0.0001, message('Significance level: the probability of such a difference by chance. Our choice.')),
  },
  needs: (context) => (context.stage.entries.length > 0 ? chanceNeeds(context) : []),
  comparesNothing: (context) => chancesUnknown(context, ({ entries }) => entries.map(({ rows }) => rows)),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'chances', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { users, allUsers, entries } = answer.value;
    for (const entry of entries) {
      const difference = departure(entry.bins);
      if (!difference || difference.p >= options.p || difference.variation <= options.max + difference.chance) continue;
      yield {
        at: samplePathKey(stage.name),
        message: message(
          '{0} draws {1} of its items from other popularities than its probabilities give',
          entry.name,
          percent(difference.variation),
        ),
        details: [
          partOf(entry, difference.bin),
          message('Random draws exceed {0} in one of a hundred files.', percent(difference.chance)),
          ...(entry.leftOut > 0
            ? [message('{0} more draws are not compared: one item is too likely in their groups.', entry.leftOut)]
            : []),
          ...(users < allUsers
            ? [message('Compared for {0} of {1} users, chosen at random by their ids.', users, allUsers)]
            : []),
        ],
      };
    }
  },
  docs: {
    summary: 'A pool does not follow the declared probabilities',
    why: `A sampler may use other counts than its config states: of another day, with another exponent, or from items
that are offline. The mix of the file then looks right, but the negatives differ from the config, and the log q
correction is wrong.

The rule computes the probability of each item in each group from the counts of the log, after exclusion and
eligibility. It sorts the items by popularity and cuts them into ten parts that should each get a tenth of the draws. It
reports a part in which both are true:

- The difference is unlikely: its probability is below \`p\` (two-sided, multiplied by ten).
- The total variation exceeds the 99th percentile of random draws by more than \`max\`.

The rule uses only pools and at most a thousand users. It skips groups in which an item is expected more than 0.1 times,
because the draws of a group are distinct. The finding gives their number. Without a lock file, the rule does not run if
the file has other entries than the mix.`,
    source: `The test is a normal approximation of the binomial with Bonferroni's correction. It is conservative. The
limits are our choice.`,
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      companions: ['data/selection-bias'],
      answers: {
        ...drawn([260, 120, 100, 90, 90, 80, 80, 70, 60, 50]),
        'item-distances': {
          input: 700,
          unreachable: 0,
          observed: 0.38,
          expected: 0.29,
          chance: [0.28, 0.3],
          exposures: 0.5,
          largest: { item: '7', rate: { rows: 1000, hits: 10, design: 1 } },
        },
      },
    },
    right: { text: changed('recall') },
  },
});

function partOf({ bins, rows }: Entry, bin: number): Message {
  const mass = bins.reduce((sum, { expected }) => sum + expected, 0);
  const { observed = 0, expected = 0 } = bins[bin] ?? {};
  return message(
    'Part {0} of {1} by popularity, the most popular first: {2} of {3} draws, {4} expected.',
    bin + 1,
    bins.length,
    observed,
    rows,
    Math.round((expected / mass) * rows),
  );
}
