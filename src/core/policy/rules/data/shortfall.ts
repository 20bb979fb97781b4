import { wilsonInterval } from '../../../audit/wilsonInterval.ts';
import type { DatasetName } from '../../../config/definition/data.ts';
import type { ConfigDocument } from '../../../config/document.ts';
import type { StageView } from '../../../config/entries.ts';
import { message, type Message } from '../../../message/message.ts';
import { datasetEntry } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { keepingShortfalls } from '../../examples/mixes.ts';
import type { Answers } from '../../../data/facts.ts';
import { isAbove, partsOf } from '../../shares.ts';
import type { Need } from '../../../data/need.ts';
import { defineRule, type Report } from '../../rule.ts';

type Entry = Answers['shortfalls']['entries'][number];

/** Data sets that draws may read in addition to the log. */
const inputs: readonly DatasetName[] = ['items', 'users', 'candidates', 'rejections'];

export const shortfall = defineRule({
  id: 'data/shortfall',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    max: {
      kind: 'number',
      fallback: 0.01,
      min: 0,
      max: 1,
      doc: message(
        'Share of the requested negatives of an entry that may be missing. A larger share is reported only with 95 % confidence. 0.01 is a choice of this tool: shares with two decimals do not show such a gap.',
      ),
    },
    max_list: {
      kind: 'number',
      fallback: 0.1,
      min: 0,
      max: 1,
      doc: message(
        'The same for shortfalls of lists, which are reported as info. 0.1 is a choice of this tool: if a tenth of an entry is missing, the mix differs visibly.',
      ),
    },
  },
  needs: ({ config, stage, document }): readonly Need[] => {
    if (stage.unit === 'impression' || stage.total === null || !isSound(stage, document)) return [];
    const named = inputs.filter((name) => datasetEntry(config, name) !== undefined);
    return [
      ...(['impressions', ...named] as const).map((dataset): Need => ({ dataset })),
      { question: { kind: 'shortfalls', stage: stage.name } },
    ];
  },
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'shortfalls', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { entries, users, allUsers } = answer.value;
    const where =
      users < allUsers ? [message('Drawn for {0} of {1} users, taken at random by their ids.', users, allUsers)] : [];
    const { on_shortfall, refill_from } = stage.draft.negatives ?? {};
    for (const found of entries) {
      // The entry that refills the others is measured with what it gets from them.
      if (on_shortfall === 'refill' && found.name !== refill_from) continue;
      const at = stage.entries.find(({ name }) => name === found.name)?.path;
      const missing = found.asked - found.drawn;
      if (at === undefined || missing <= 0) continue;
      const details = [...causes(found), ...where];
      if (found.drawn === 0)
        yield {
          at,
          on: 'key',
          message: message('{0} draws none of the {1} requested negatives', found.name, found.asked),
          details,
        };
      else if (surely(found.pool + found.attempts, found.asked, options.max))
        yield {
          at,
          on: 'key',
          message: message('{0} draws {1} of {2} requested negatives', found.name, found.drawn, found.asked),
          details,
        };
      // The log fixes the length of lists. A config that sets on_shortfall expects shortfalls.
      else if (on_shortfall === undefined && surely(found.list, found.asked, options.max_list))
        yield {
          at,
          on: 'key',
          severity: 'info',
          message: message(
            '{0} draws {1} of {2} requested negatives: the lists of many groups are too short',
            found.name,
            found.drawn,
            found.asked,
          ),
          details,
        };
    }
  },
  docs: {
    summary: 'An entry of a mix draws fewer negatives than its quota',
    why: `A mix states how many negatives to draw; the actual number may be lower. A pool may hold fewer acceptable
items than the quota, or draws may be rejected again and again. Groups then have fewer negatives, and the model sees
another mix than the config states. An entry that draws nothing at all is usually a mistake: a \`where\` that no item
passes, an attribute that is always empty, candidates of other days.

The rule draws the stage as the sampler would, for all users. If there are more than a thousand users, it takes a
thousand of them at random by their ids, and the finding says so. It reports a share if the lower end of its Wilson
interval is above \`max\`, because another seed would miss a few more or fewer.

Lists (exposures, candidates, rejections) are as long as the log makes them. So list shortfalls are reported as info,
above \`max_list\`, and only if the config does not set \`on_shortfall\`. With that key the config has decided what
happens: \`keep\` accepts fewer negatives, and \`refill\` keeps their number.

With \`on_shortfall: refill\`, only a shortfall of \`refill_from\` is reported: the rows of the other entries come from it.`,
    source: `No paper is claimed for the limit: one missing draw in a hundred changes no share by more than a hundredth
of itself.`,
    wrong: {
      text: changed('recall', keepingShortfalls),
      reportedAt: 'same_city',
      after: 'mix:',
      answers: {
        shortfalls: {
          users: 78,
          allUsers: 78,
          entries: [{ name: 'same_city', asked: 73, drawn: 31, pool: 42, attempts: 0, list: 0 }],
        },
      },
    },
    right: { text: changed('recall') },
    valid: [
      {
        text: changed('recall', keepingShortfalls),
        answers: {
          shortfalls: {
            users: 78,
            allUsers: 78,
            entries: [{ name: 'host_refused', asked: 73, drawn: 5, pool: 0, attempts: 0, list: 68 }],
          },
        },
      },
      {
        text: changed('recall', keepingShortfalls),
        answers: {
          shortfalls: {
            users: 1000,
            allUsers: 2692,
            entries: [{ name: 'popularity', asked: 260, drawn: 256, pool: 4, attempts: 0, list: 0 }],
          },
        },
      },
      {
        text: changed('recall', keepingShortfalls),
        answers: {
          shortfalls: {
            users: 78,
            allUsers: 78,
            entries: [{ name: 'popularity', asked: 584, drawn: 500, pool: 84, attempts: 0, list: 0 }],
          },
        },
        options: { max: 0.5 },
      },
      // The entry was renamed while the rows were counted.
      {
        text: changed('recall', keepingShortfalls),
        answers: {
          shortfalls: {
            users: 78,
            allUsers: 78,
            entries: [{ name: 'gone', asked: 10, drawn: 0, pool: 10, attempts: 0, list: 0 }],
          },
        },
      },
      {
        text: changed('fine_ranking'),
        answers: {
          shortfalls: {
            users: 78,
            allUsers: 78,
            entries: [{ name: 'exposed_unclicked', asked: 10, drawn: 0, pool: 0, attempts: 0, list: 10 }],
          },
        },
      },
      // The rows that it is short of come from the entry that refills.
      {
        text: changed('recall'),
        answers: {
          shortfalls: {
            users: 78,
            allUsers: 78,
            entries: [{ name: 'host_refused', asked: 73, drawn: 0, pool: 0, attempts: 0, list: 73 }],
          },
        },
      },
    ],
    invalid: [
      {
        text: changed('recall'),
        reportedAt: 'global_random',
        after: 'mix:',
        answers: {
          shortfalls: {
            users: 78,
            allUsers: 78,
            entries: [{ name: 'global_random', asked: 584, drawn: 400, pool: 184, attempts: 0, list: 0 }],
          },
        },
      },
      {
        text: changed('recall', keepingShortfalls),
        reportedAt: 'host_refused',
        answers: {
          shortfalls: {
            users: 78,
            allUsers: 78,
            entries: [{ name: 'host_refused', asked: 73, drawn: 0, pool: 0, attempts: 0, list: 73 }],
          },
        },
      },
      {
        text: changed('recall', ['      on_shortfall: refill\n      refill_from: global_random\n', '']),
        reportedAt: 'host_refused',
        answers: {
          shortfalls: {
            users: 78,
            allUsers: 78,
            entries: [{ name: 'host_refused', asked: 73, drawn: 5, pool: 0, attempts: 0, list: 68 }],
          },
        },
      },
      {
        text: changed('coarse_ranking'),
        reportedAt: 'coarse_filtered',
        after: 'per_request:',
        answers: {
          shortfalls: {
            users: 1000,
            allUsers: 2692,
            entries: [{ name: 'coarse_filtered', asked: 40_000, drawn: 0, pool: 0, attempts: 0, list: 40_000 }],
          },
        },
      },
    ],
  },
});

/** Allows for chance: another seed misses a few more or fewer, and a large log is drawn only for some users. */
function surely(missing: number, asked: number, max: number): boolean {
  return wilsonInterval(missing, asked).low > max;
}

/** False for a mix that is half typed or does not sum to 1: other rules report it. */
function isSound(stage: StageView, document: ConfigDocument): boolean {
  const parts = partsOf(stage, document);
  const sum = stage.entries.reduce((all, { share }) => all + (share ?? 0), 0);
  return parts !== null && parts.length > 0 && (stage.amounts !== 'shares' || !isAbove(sum, 1));
}

function causes({ pool, attempts, list }: Entry): Message[] {
  return [
    ...(pool > 0 ? [message('{0} missing: a pool has fewer acceptable items than requested.', pool)] : []),
    ...(attempts > 0 ? [message('{0} missing: all attempts were used.', attempts)] : []),
    ...(list > 0 ? [message('{0} missing: a list is shorter than requested.', list)] : []),
  ];
}
