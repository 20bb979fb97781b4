import { departure } from '../../../statistics/expectedShares.ts';
import { datasetPath, sampleName } from '../../../data/dataColumns.ts';
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
        'The largest total variation between the drawn and the expected shares of the ten parts, in addition to what chance exceeds in one of a hundred files. 0.02 is a choice of this tool.',
      ),
    ),
    p: shareOption(
      0.0001,
      message(
        'The rule reports an entry only if chance leads to such a difference with a smaller probability. 0.0001 is a choice of this tool.',
      ),
    ),
  },
  needs: (context) => (context.stage.entries.length > 0 ? chanceNeeds(context) : []),
  comparesNothing: (context) => chancesUnknown(context, ({ entries }) => entries.map(({ rows }) => rows)),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'chances', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { users, allUsers, entries } = answer.value;
    for (const entry of entries) {
      const found = departure(entry.bins);
      if (!found || found.p >= options.p || found.variation <= options.max + found.chance) continue;
      yield {
        at: [...datasetPath(sampleName(stage.name)), 'path'],
        message: message(
          '{0} draws {1} of its items from other popularities than its chances give',
          entry.name,
          percent(found.variation),
        ),
        details: [
          partOf(entry, found.bin),
          message('Chance alone exceeds {0} in one of a hundred files.', percent(found.chance)),
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
    summary: 'A pool draws other items than its chances give',
    why: `A sampler may draw from other counts than its config states: of another day, with another exponent, or from items that
are offline. The mix of the file is then right, but the model meets other negatives than you believe, and a correction by
log q is wrong.

The rule computes the probability of each item in each group from the counts of the log, after exclusion and eligibility.
It sorts the items by popularity, cuts them into ten parts that should get a tenth of the draws each, and compares. It
reports a part if two things hold:

- By chance, such a difference has a probability below \`p\` (two-sided, multiplied by ten).
- The total variation exceeds \`max\`, in addition to the 99th percentile of chance.

Some draws are not compared: groups in which an item is expected more than 0.1 times, because the draws of a group are
distinct. The finding says how many they are. Lists such as \`exposed_unclicked\` and all but a thousand users are left out
too. Without a lock file, a file whose entries are not those of the mix is of another config, and nothing is compared.`,
    source: `The test is a normal approximation of the binomial with Bonferroni's correction. It rather reports too little than too
much. The limits are choices of this tool.`,
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
