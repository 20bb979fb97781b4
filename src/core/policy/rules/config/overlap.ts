import type { Entry } from '../../../config/entries.ts';
import { message } from '../../../report/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const overlap = defineRule({
  id: 'config/overlap',
  kind: 'config',
  severity: 'info',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  *check({ stage: { entries } }): Iterable<Report> {
    const before = new Map<string, Entry[]>();
    for (const later of entries) {
      const name = later.source?.name ?? '';
      const earlier = (rivals[name] ?? [])
        .flatMap((rival) => before.get(rival) ?? [])
        .find((entry) => overlaps(entry, later));
      if (earlier)
        yield {
          at: later.path,
          on: 'key',
          message: message('{0} and {1} draw from the same items', earlier.name, later.name),
        };
      const own = before.get(name);
      if (!own) before.set(name, [later]);
      else if (own.length < MOST) own.push(later);
    }
  },
  docs: {
    summary: 'Two entries that draw from the same items under two names',
    why: `Where two entries of a mix reach the same items, their shares are not what they seem: part of what one should bring comes from the other, and the same item
can be drawn by both for one positive. Told are two cases that are easily overlooked: \`exposed_random\` beside an unrestricted \`global_random\` (what was
shown is part of the corpus), and two hard sources on the same list of candidates. It may well be meant; then suppress it with the reason.`,
    source: 'The definitions of the sources. No number is involved, and no measurement: so this informs only.',
    wrong: {
      text: changed('recall', [
        '{share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}\n',
        '{share: 0.3, exponent: 0.75, count: click, window: 7d, group_by: region}\n        exposed_random: 0.1\n',
      ]),
      reportedAt: 'global_random',
    },
    right: {
      text: changed('recall', [
        'same_city: {source: same_attribute, match: [city], share: 0.05}',
        'near: {source: hard_rank, ranks: [101, 300], share: 0.025}\n        far: {source: hard_rank, ranks: [301, 500], share: 0.025}',
      ]),
    },
    valid: [
      {
        text: changed(
          'recall',
          [
            '{share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}\n',
            '{share: 0.3, exponent: 0.75, count: click, window: 7d, group_by: region}\n        exposed_random: 0.1\n',
          ],
          ['global_random: 0.2', 'global_random: {share: 0.2, where: {category: Villa}}'],
        ),
      },
      {
        text: changed('recall', [
          'same_city: {source: same_attribute, match: [city], share: 0.05}',
          'near: {source: hard_rank, channel: i2i, share: 0.025}\n        far: {source: hard_rank, channel: u2i, share: 0.025}',
        ]),
      },
    ],
    invalid: [
      {
        text: changed('recall', [
          'same_city: {source: same_attribute, match: [city], share: 0.05}',
          'near: {source: hard_rank, ranks: [101, 300], share: 0.025}\n        far: {source: hard_rank, ranks: [300, 500], share: 0.025}',
        ]),
        reportedAt: 'far',
      },
      {
        text: changed('coarse_ranking', [
          'coarse_filtered: {count: 40, by: channel}',
          'coarse_filtered: {count: 40, by: channel}, hard_rank: 1, hard_score: 1',
        ]),
        reportedAt: 'hard_score',
      },
    ],
  },
});

/** Sources by those that may reach the same items. */
const rivals: Readonly<Record<string, readonly string[]>> = {
  exposed_random: ['global_random'],
  global_random: ['exposed_random'],
  hard_rank: ['hard_rank', 'hard_score'],
  hard_score: ['hard_rank', 'hard_score'],
};
/** An entry is compared with this many of a source: no mix has more, and a file of a megabyte must not take the square of its length. */
const MOST = 100;

function overlaps(a: Entry, b: Entry): boolean {
  const names = [a.source?.name, b.source?.name].sort();
  if (names[0] === 'exposed_random' && names[1] === 'global_random') {
    const random = a.source?.name === 'global_random' ? a : b;
    return random.options['where'] === undefined;
  }
  if (names[0] === 'hard_rank' && names[1] === 'hard_rank') {
    const [one, other] = [a.options['channel'], b.options['channel']];
    return (one === undefined || other === undefined || one === other) && meet(ranksOf(a), ranksOf(b));
  }
  if (names[0] === 'hard_score' && names[1] === 'hard_score')
    return (a.options['by'] ?? 'score') === (b.options['by'] ?? 'score') && meet(cutOf(a), cutOf(b));
  return names[0] === 'hard_rank' && names[1] === 'hard_score';
}

type Window = readonly [first: number, last: number];

function ranksOf({ options }: Entry): Window {
  const ranks = options['ranks'] as readonly number[] | undefined;
  return [ranks?.[0] ?? 101, ranks?.[1] ?? 500];
}

/** The places of a list by score that are kept, from 1. */
function cutOf({ options }: Entry): Window {
  const skip = typeof options['skip'] === 'number' ? options['skip'] : 0;
  return [skip + 1, skip + (typeof options['top'] === 'number' ? options['top'] : 100)];
}

function meet(a: Window, b: Window): boolean {
  return a[0] <= b[1] && b[0] <= a[1];
}
