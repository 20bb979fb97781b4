import { message, type Message } from '../message/message.ts';
import { formatCount, formatPercent } from '../table/format.ts';
import type { ColumnProfile, TimeOrder } from '../table/profile.ts';

/** What lists hold in a few words, the most important first: lengths, order of times, empty and full lists. */
export function listParts(profile: ColumnProfile, times: Pick<ColumnProfile, 'steps'> = profile): Message[] {
  const { list, steps, quantiles, rows, nulls } = profile;
  const { shortest = null, longest = null, emptyLists = 0, sequence } = list ?? {};
  if (shortest === null || longest === null) return [];
  const share = (count: number): string => formatPercent(count / (rows - nulls));
  const isEqual = shortest === longest;
  const order = orderText(times.steps?.order ?? null);
  return [
    longest === 0
      ? message('all empty')
      : isEqual
        ? message('{0} elements each', formatCount(longest))
        : message(
            '{0} … {1} elements, median {2}',
            formatCount(shortest),
            formatCount(longest),
            formatCount(Number(quantiles?.p50 ?? 0)),
          ),
    ...(sequence && sequence.uneven > 0 ? [message('{0} of other length', formatCount(sequence.uneven))] : []),
    ...(order ? [order] : []),
    ...(isEqual || emptyLists === 0 ? [] : [message('{0} empty', share(emptyLists))]),
    ...(isEqual || !steps ? [] : [message('{0} have {1}', share(steps.full), formatCount(longest))]),
  ];
}

/** The order of the times in the lists: `oldest first`. Null if no list has two times. */
export function orderText(counts: TimeOrder | null): Message | null {
  if (counts === null || counts.lists === 0) return null;
  const { lists, ascending, descending } = counts;
  const isNewestFirst = descending > ascending;
  const share = Math.max(ascending, descending) / lists;
  if (share === 1) return isNewestFirst ? message('newest first') : message('oldest first');
  return isNewestFirst
    ? message('newest first in {0} of the lists', formatPercent(share))
    : message('oldest first in {0} of the lists', formatPercent(share));
}

/** Lists of a sequence that have equal lengths in every row, by its name. Sequences of one list are not in it. */
export function evenSequences(profiles: readonly ColumnProfile[]): ReadonlyMap<string, readonly ColumnProfile[]> {
  const byName = new Map<string, ColumnProfile[]>();
  for (const profile of profiles) {
    const name = profile.list?.sequence?.name;
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), profile]);
  }
  const isEven = ({ list }: ColumnProfile): boolean => list?.sequence?.uneven === 0;
  return new Map([...byName].filter(([, lists]) => lists.length > 1 && lists.every(isEven)));
}
