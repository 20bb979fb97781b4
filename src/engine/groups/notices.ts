import { message, type Message } from '../../core/message/message.ts';
import { saidOf, shortHistories, whoseUsers, type Said } from '../../core/report/saidOfUsers.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { dailyCount, groupedBy } from '../../core/source/options.ts';
import { valueAt } from '../../core/valueAt.ts';
import { emptyPlan } from '../inputs/emptyPlan.ts';
import type { LoadedBlock } from './block.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';

/** Numbers that are counted while rows are drawn for users. */
export interface Noted extends Pick<LoadedBlock, 'standIns'> {
  /** `downsampled`: exposures that `downsample` removed. */
  readonly tally: LoadedBlock['tally'] & { readonly downsampled: number };
}

const tallied = {
  collapsed: {
    one: (whose) =>
      message(
        '1 positive {0} has the same user, item, time, request and event as another. The two count as one',
        whose,
      ),
    many: (n, whose) =>
      message(
        '{0} positives {1} have the same user, item, time, request and event as another. Equal positives count once',
        n,
        whose,
      ),
  },
  thinned: {
    one: (whose) => message('1 positive {0} is dropped by downsample_hot', whose),
    many: (n, whose) => message('{0} positives {1} are dropped by downsample_hot', n, whose),
  },
  capped: {
    one: (whose) => message('1 positive {0} exceeds max_per_user_per_day', whose),
    many: (n, whose) => message('{0} positives {1} exceed max_per_user_per_day', n, whose),
  },
  unseen: {
    one: (whose) => message('1 exposure {0} does not count as seen and is left out', whose),
    many: (n, whose) => message('{0} exposures {1} do not count as seen and are left out', n, whose),
  },
  immature: {
    one: (whose) =>
      message('1 exposure {0} is dropped by mature_after: it is too close to the end of the known outcomes', whose),
    many: (n, whose) =>
      message(
        '{0} exposures {1} are dropped by mature_after: they are too close to the end of the known outcomes',
        n,
        whose,
      ),
  },
  repeated: {
    one: (whose) => message('1 exposure {0} has the same user, item, time, request and position as another', whose),
    many: (n, whose) =>
      message('{0} exposures {1} have the same user, item, time, request and position as another', n, whose),
  },
  contradictory: {
    one: (whose) =>
      message(
        '1 exposure {0} contradicts another: the same user, item, time, request and position, but one has a positive event',
        whose,
      ),
    many: (n, whose) =>
      message(
        '{0} exposures {1} contradict others: the same user, item, time, request and position, but one has a positive event',
        n,
        whose,
      ),
  },
  timeless: {
    one: (whose) => message('1 request {0} has no time and is left out', whose),
    many: (n, whose) => message('{0} requests {1} have no time and are left out', n, whose),
  },
  unretrieved: {
    one: (whose) => message('1 positive {0} is left out: its request is missing from data.candidates', whose),
    many: (n, whose) =>
      message('{0} positives {1} are left out: their requests are missing from data.candidates', n, whose),
  },
  downsampled: {
    one: (whose) => message('1 exposure {0} is left out by downsample', whose),
    many: (n, whose) => message('{0} exposures {1} are left out by downsample', n, whose),
  },
} as const satisfies Readonly<Record<Exclude<keyof Noted['tally'], 'short'>, Said>>;
const order = [
  'collapsed',
  'thinned',
  'capped',
  'short',
  'unseen',
  'immature',
  'repeated',
  'contradictory',
  'timeless',
  'unretrieved',
  'downsampled',
] as const;

/**
 * What the user must know about an answer besides its numbers. `some`: the answer is about named users, not about all
 * users of the log.
 */
export function noticesOf(
  plan: StagePlan,
  world: LoadedWorld,
  { tally, standIns }: Noted,
  { some, changed }: { readonly some: boolean; readonly changed: boolean },
): Message[] {
  const whose = whoseUsers(some);
  const said = (count: number, text: Said): Message[] => saidOf(count, text, whose);
  return [
    ...(changed ? [message('The files changed and were read again')] : []),
    ...emptyPlan(plan, world),
    ...world.notices,
    ...order.flatMap((kind) => said(tally[kind], kind === 'short' ? shortHistories[plan.split] : tallied[kind])),
    ...plan.entries.flatMap((entry, k) => {
      const { name } = entry;
      const attribute = groupedBy(entry).join(', ');
      if (dailyCount(entry) !== null)
        return said(valueAt(standIns, k), {
          one: () =>
            message(
              '1 group {0} has no {1}, or a value without events before its day. {2} draws for it from the counts of all users',
              whose,
              attribute,
              name,
            ),
          many: (n) =>
            message(
              '{0} groups {1} have no {2}, or a value without events before their day. {3} draws for them from the counts of all users',
              n,
              whose,
              attribute,
              name,
            ),
        });
      return said(valueAt(standIns, k), {
        one: () =>
          message(
            '1 {0} has no {1}, or a value without events. {2} draws for this user from the pool of all users',
            whose,
            attribute,
            name,
          ),
        many: (n) =>
          message(
            '{0} {1} have no {2}, or a value without events. {3} draws for them from the pool of all users',
            n,
            whose,
            attribute,
            name,
          ),
      });
    }),
  ];
}
