import type { Entry } from '../../../config/entries.ts';
import { message } from '../../../message/message.ts';
import { sources } from '../../../source/sources.ts';
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
        .find((entry) => drawSameItems(entry, later));
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
    summary: 'Two entries draw from the same items under two names',
    why: `If two entries of a mix reach the same items, their shares are misleading. Items that one entry should bring
come partly from the other. Both entries can also draw the same item for one positive.

The rule reports two cases that are easy to overlook:

- \`exposed_random\` next to an unrestricted \`global_random\`: exposed items are part of the corpus.
- Two hard sources on the same list of candidates.

If you want the overlap, suppress the finding and give the reason.`,
    source: 'The definitions of the sources. No number and no measurement is involved, so the severity is info.',
    wrong: {
      text: changed('recall', [
        '{share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}\n',
        '{share: 0.3, exponent: 0.75, count: click, window: 7d, group_by: region}\n        exposed_random: 0.1\n',
      ]),
      reportedAt: 'global_random',
      after: 'mix:',
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

/** Sources that may draw the items of a source, by its name. One source of each pair declares it. */
const rivals: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  sources.map(({ name, overlaps }) => [
    name,
    sources.filter((other) => overlaps?.[other.name] ?? other.overlaps?.[name]).map((other) => other.name),
  ]),
);
/**
 * An entry is compared with at most this many entries of a source, so that a large file does not take quadratic time.
 */
const MOST = 100;

function drawSameItems(a: Entry, b: Entry): boolean {
  const [own, other] = [a.source?.name ?? '', b.source?.name ?? ''];
  return (
    a.source?.overlaps?.[other]?.(a.options, b.options) ?? b.source?.overlaps?.[own]?.(b.options, a.options) ?? false
  );
}
