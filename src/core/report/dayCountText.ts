import type { PairDayCount } from '../sampling/drawn.ts';
import type { PlanEntry } from '../sampling/plan/stagePlan.ts';
import { dailyCount } from '../source/options.ts';
import { formatCount } from '../table/format.ts';
import { message, type Message } from '../message/message.ts';

const DAY = 86_400_000_000;

/** The count of an item in a table, and the number of groups that use it. Groups may use a table without the item. */
export function dayCountText({ before, pool, count, groups }: PairDayCount, entry: PlanEntry): Message {
  const counting = dailyCount(entry);
  const event = counting?.of ?? '';
  const end: Message = pool === null ? { text: before } : message('{0} ({1})', before, pool);
  const period = periodText(counting?.window ?? null, end);
  const smoothing = entry.draws.kind === 'pool' ? (entry.draws.weight?.smoothing ?? 0) : 0;
  const counted =
    count !== 0
      ? message('{0} × {1} {2}', formatCount(count), event, period)
      : smoothing > 0
        ? message('no {0} {1}: only smoothing gives it weight', event, period)
        : message('no {0} {1}, so it cannot be drawn', event, period);
  return groups === 1
    ? message('{0} · in 1 group', counted)
    : message('{0} · in {1} groups', counted, formatCount(groups));
}

function periodText(window: number | null, end: Message): Message {
  if (window === null) return message('before {0}', end);
  return window === DAY
    ? message('in the day before {0}', end)
    : message('in the {0} days before {1}', formatCount(window / DAY), end);
}
