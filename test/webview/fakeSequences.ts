import { isoTime, microsecondsOfIso } from '../../src/core/sampling/isoTime.ts';
import type { ShownHistory, ShownStep } from '../../src/core/sampling/shownHistories.ts';
import type { PreviewAnswer } from '../../src/protocol/preview.ts';

const MINUTE = 60e6;

/** The same draws for a config with a sequence of 50 clicks, a minute before the request. Each group sees one more. */
export function withSequences({ sampler, preview }: PreviewAnswer): PreviewAnswer {
  return {
    sampler,
    preview: {
      ...preview,
      sequences: [
        {
          name: 'clicks',
          availableAfter: MINUTE,
          asOf: 'request',
          isNewestFirst: false,
          length: 50,
          lookback: null,
          session: null,
          dedup: 'none',
          columns: ['category'],
        },
      ],
      users: preview.users.map((user) => {
        const items = user.groups.flatMap(({ rows }) => rows.map(({ item }) => item));
        const first = microsecondsOfIso(user.groups[0]?.time ?? '');
        const steps = Array.from({ length: 50 + user.groups.length }, (_, k): ShownStep => ({
          item: items[k % items.length] ?? '',
          time: isoTime(first - (300 - k) * MINUTE - 12e6),
          values: [k % 7 === 0 ? null : `c${k % 5}`],
        }));
        return {
          ...user,
          steps: [steps],
          groups: user.groups.map((group, g) => ({
            ...group,
            histories: [
              {
                readTime: group.time,
                cutOff: isoTime(microsecondsOfIso(group.time) - MINUTE),
                steps: Array.from({ length: 50 }, (_, k) => g + k),
                sessions: null,
                leftOut: { afterCutOff: 2, ownRequest: 1, lookback: 0, session: 0, repeated: 0, length: 163 },
                nearest: [],
              } satisfies ShownHistory,
            ],
          })),
        };
      }),
    },
  };
}
