import { joinKey } from '../../core/sampling/key.ts';
import { u8At } from '../../core/valueAt.ts';
import { group, type Group, type MakeGroups } from './group.ts';

/**
 * One group for each exposure in the split that counts as seen and is mature, whether positive or not, if that is
 * known.
 */
export const impressionGroups: MakeGroups = (log, user, { plan, world, requests, tally }) => {
  const { seen = 'all', matureAfter = null } = plan.exposures ?? {};
  const isSeen = log.seen(seen);
  const keys = new Map<string, boolean>();
  const groups: Group[] = [];
  for (let row = 0; row < log.rows; row++) {
    if (!log.inSplit(row) || log.isUnknown(row)) continue;
    if (!isSeen(row)) tally.unseen++;
    else if (!log.isMature(row, matureAfter)) tally.immature++;
    else {
      const [item, time, request, event] = [
        log.item(row),
        log.time(row),
        log.log.request[row] ?? null,
        u8At(log.event, row),
      ];
      const key = joinKey([
        log.rowsOfUser.user,
        world.items.texts.textOf(item),
        String(time),
        request,
        log.log.position[row] ?? null,
      ]);
      const before = keys.get(key);
      if (before !== undefined) tally.repeated++;
      if (before === !log.isPositive(row)) tally.contradictory++;
      keys.set(key, log.isPositive(row));
      const positives = [
        { item, event, weight: plan.positives.events[event]?.weight ?? 1, keep: NaN, row: log.row(row) },
      ];
      groups.push(
        group(time, key, {
          readTime: log.readTimes.of(request, time),
          request: requests.number(user, log.requestKey(row)),
          requestText: request,
          positives,
          context: log.row(row),
        }),
      );
    }
  }
  return groups;
};
