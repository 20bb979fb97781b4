import { lowerShare } from '../../../statistics/rate.ts';
import { message, type Message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { keepingShortfalls } from '../../examples/mixes.ts';
import type { Answers } from '../../../data/facts.ts';
import { drawnDatasets, isDrawable, shortfallsOf } from '../../drawnStage.ts';
import type { Need } from '../../../data/need.ts';
import { defineRule, type Report } from '../../rule.ts';
import { shareOption } from '../../shareOption.ts';

type Shortfalls = Answers['shortfalls'];
type Entry = Shortfalls['entries'][number];

/** The answer for the cases of the rule; without `users`, as for all users of the demo. */
export function drawn(
  entries: Shortfalls['entries'],
  users: Pick<Shortfalls, 'users' | 'allUsers'> = { users: 78, allUsers: 78 },
): Pick<Answers, 'shortfalls'> {
  return { shortfalls: { ...users, entries } };
}

export const shortfall = defineRule({
  id: 'data/shortfall',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    max: shareOption(
      0.01,
      message(
        'Maximum share of the requested negatives of an entry that is missing (99 % confidence). Our choice: shares with two decimals do not show such a gap.',
      ),
    ),
    max_list: shareOption(
      0.1,
      message(
        'The same for shortfalls of lists, which are reported as info. Our choice: if a tenth of an entry is missing, the mix differs visibly.',
      ),
    ),
    min_fill: shareOption(
      0.5,
      message(
        'Minimum share of its quota that a list entry must draw, including rows that refill adds. Our choice: below it, most of the configured share is missing.',
      ),
    ),
  },
  needs: (context): readonly Need[] => {
    const { config, stage, document } = context;
    if (!isDrawable(stage, document)) return [];
    return [...drawnDatasets(config).map((dataset): Need => ({ dataset })), { question: shortfallsOf(context) }];
  },
  comparesNothing: (context) => {
    const answer = context.facts.answer(shortfallsOf(context));
    return answer && 'value' in answer && answer.value.entries.every(({ asked }) => asked === 0)
      ? message('the config requests no negatives from this log')
      : null;
  },
  *check(context): Iterable<Report> {
    const { facts, stage, options } = context;
    const answer = facts.answer(shortfallsOf(context));
    if (!answer || !('value' in answer)) return;
    const { entries, users, allUsers } = answer.value;
    const where =
      users < allUsers ? [message('Drawn for {0} of {1} users, taken at random by their ids.', users, allUsers)] : [];
    const { on_shortfall, refill_from } = stage.draft.negatives ?? {};
    const refilled = on_shortfall === 'refill' ? refilledShare(entries, refill_from) : 0;
    for (const entry of entries) {
      const at = stage.entries.find(({ name }) => name === entry.name)?.path;
      const missing = missingOf(entry);
      if (at === undefined || missing <= 0) continue;
      // The entry that refills the others is measured with what it gets from them.
      const isRefilled = on_shortfall === 'refill' && entry.name !== refill_from;
      const details = [...causes(entry), ...where];
      if (!isRefilled && missing === entry.asked)
        yield {
          at,
          on: 'key',
          message: message('{0} draws none of the {1} requested negatives', entry.name, entry.asked),
          details,
        };
      else if (!isRefilled && isClearlyAbove(entry.pool + entry.attempts, entry, options.max))
        yield {
          at,
          on: 'key',
          message: message('{0} draws {1} of {2} requested negatives', entry.name, entry.asked - missing, entry.asked),
          details,
        };
      else if (isClearlyAbove(entry.list * (isRefilled ? 1 - refilled : 1), entry, 1 - options.min_fill))
        yield { at, on: 'key', message: tooShort(entry), details };
      // The log fixes the length of lists. A config that sets on_shortfall expects shortfalls.
      else if (on_shortfall === undefined && isClearlyAbove(entry.list, entry, options.max_list))
        yield { at, on: 'key', severity: 'info', message: tooShort(entry), details };
    }
  },
  docs: {
    summary: 'An entry of a mix draws fewer negatives than its quota',
    why: `A mix states how many negatives to draw; the actual number may be lower. A pool may hold fewer acceptable
items than the quota, or draws may be rejected again and again. Groups then have fewer negatives, and the mix differs
from the config. An entry that draws nothing is usually a mistake: a \`where\` that no item passes, an attribute that is
always empty, candidates of other days.

The rule draws the stage for all users, or for a thousand random users if there are more. It draws train, or in an audit
the split of the file. It reports a share if its lower 99 % bound, clustered by user, is above \`max\`, because the
number varies with the seed.

Lists (exposures, candidates, rejections) are as long as the log makes them. So list shortfalls are reported as info,
above \`max_list\`, and only if the config does not set \`on_shortfall\`. With this key, the config has decided:
\`keep\` accepts fewer negatives, and \`refill\` keeps their number.

A list that fills less than \`min_fill\` of its quota is a warning in any case, because the share in the config is then
not the share in training. Lower the share, or set \`on_shortfall: refill\`.

With \`on_shortfall: refill\`, the rule reports only a shortfall of \`refill_from\`, which fills the other entries. It
also warns about other lists if \`refill_from\` cannot fill them up to \`min_fill\`.`,
    source: `The limit is our choice: one missing draw in a hundred changes no share by more than a hundredth of itself.`,
    wrong: {
      text: changed(
        'recall',
        keepingShortfalls,
        ['global_random: 0.2', 'global_random: 0.25'],
        ['        host_refused: {source: rejected, share: 0.05, exclude: none}\n', ''],
      ),
      reportedAt: 'same_city',
      after: 'mix:',
      answers: drawn([{ name: 'same_city', asked: 73, drawn: 31, pool: 42, attempts: 0, list: 0, design: 1 }]),
    },
    right: { text: changed('recall') },
  },
});

/** Without the rows that `distinct` drops: the entry can draw them. */
function missingOf({ pool, attempts, list }: Entry): number {
  return pool + attempts + list;
}

function tooShort(entry: Entry): Message {
  return message(
    '{0} draws {1} of {2} requested negatives: the lists of many groups are too short',
    entry.name,
    entry.asked - missingOf(entry),
    entry.asked,
  );
}

/** Share of the rows missing from the other entries that the entry of `refill_from` draws instead. */
function refilledShare(entries: readonly Entry[], refillFrom: string | undefined): number {
  const filler = entries.find(({ name }) => name === refillFrom);
  if (filler === undefined) return 1;
  const missing = entries.reduce((sum, entry) => sum + (entry === filler ? 0 : missingOf(entry)), 0);
  return missing === 0 ? 1 : Math.max(0, 1 - missingOf(filler) / missing);
}

/** Allows for chance: another seed misses a few more or fewer, and a large log is drawn only for some users. */
function isClearlyAbove(missing: number, { asked, design }: Entry, max: number): boolean {
  return lowerShare({ rows: asked, hits: missing, design }) > max;
}

function causes({ pool, attempts, list }: Entry): Message[] {
  return [
    ...(pool > 0 ? [message('{0} missing: a pool has fewer acceptable items than requested.', pool)] : []),
    ...(attempts > 0 ? [message('{0} missing: all attempts were used.', attempts)] : []),
    ...(list > 0 ? [message('{0} missing: a list is shorter than requested.', list)] : []),
  ];
}
