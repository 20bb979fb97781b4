import { message, type Message } from '../../core/report/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { formatCount } from '../../core/table/format.ts';
import { emptyPlan } from './emptyPlan.ts';
import type { MadeBlock } from './block/block.ts';
import type { LoadedWorld } from './world/loadedWorld.ts';

/** A sentence about some positives, exposures or requests of the users: about one, or about many. */
interface Said {
  readonly one: Message;
  /** How many, as it is written. */
  readonly many: (count: string) => Message;
}

const tallied = {
  collapsed: { one: message('1 positive of these users equals another in user, item, time, request and event; both count once'), many: (n) => message('{0} positives of these users equal another in user, item, time, request and event; they count once', n) },
  thinned: { one: message('1 positive of these users is thinned out by downsample_hot'), many: (n) => message('{0} positives of these users are thinned out by downsample_hot', n) },
  capped: { one: message('1 positive of these users is beyond max_per_user_per_day'), many: (n) => message('{0} positives of these users are beyond max_per_user_per_day', n) },
  unseen: { one: message('1 exposure of these users does not count as seen and is left out'), many: (n) => message('{0} exposures of these users do not count as seen and are left out', n) },
  immature: { one: message('1 exposure of these users is too near to the cut and is left out'), many: (n) => message('{0} exposures of these users are too near to the cut and are left out', n) },
  repeated: { one: message('1 exposure of these users equals another in user, item, time, request and position'), many: (n) => message('{0} exposures of these users equal another in user, item, time, request and position', n) },
  timeless: { one: message('1 request of these users has no time and is left out'), many: (n) => message('{0} requests of these users have no time and are left out', n) },
  unretrieved: { one: message('1 positive of these users stands in no request of the candidates and is left out'), many: (n) => message('{0} positives of these users stand in no request of the candidates and are left out', n) },
} as const satisfies Readonly<Record<keyof MadeBlock['tally'], Said>>;
const order = ['collapsed', 'thinned', 'capped', 'unseen', 'immature', 'repeated', 'timeless', 'unretrieved'] as const;

/** What a person must know of an answer, besides its numbers. */
export function noticesOf(plan: StagePlan, world: LoadedWorld, { tally, standIns }: Pick<MadeBlock, 'tally' | 'standIns'>, changed: boolean): Message[] {
  const said = (count: number, { one, many }: Said): Message[] => (count === 0 ? [] : [count === 1 ? one : many(formatCount(count))]);
  return [
    ...(changed ? [message('The files changed and were read again')] : []),
    ...emptyPlan(plan, world),
    ...world.notices,
    ...order.flatMap((kind) => said(tally[kind], tallied[kind])),
    ...plan.entries.flatMap(({ name, draws }, k) => {
      const attribute = draws.kind === 'pool' && draws.partition?.by === 'user' ? draws.partition.attribute : '';
      return said(standIns[k] ?? 0, {
        one: message('1 of these users has no {0}, or one without events; {1} draws for that user from the pool of all users', attribute, name),
        many: (n) => message('{0} of these users have no {1}, or one without events; {2} draws for them from the pool of all users', n, attribute, name),
      });
    }),
  ];
}
