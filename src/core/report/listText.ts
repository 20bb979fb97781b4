import { message, type Message } from '../message/message.ts';
import { formatCount, formatPercent } from '../table/format.ts';
import type { ColumnProfile, TimeOrder } from '../table/profile.ts';

/** How most lists are ordered, and the share of the lists with this order. Null if no list has two times. */
function mainOrder({
  lists,
  ascending,
  descending,
}: TimeOrder): { readonly isNewestFirst: boolean; readonly share: number } | null {
  return lists === 0 ? null : { isNewestFirst: descending > ascending, share: Math.max(ascending, descending) / lists };
}

/** What lists hold in a few words, the most important first: lengths, order of times, empty and full lists. */
export function listParts(profile: ColumnProfile, times: Pick<ColumnProfile, 'steps'> = profile): Message[] {
  const { list, steps, quantiles, rows, nulls } = profile;
  const { shortest = null, longest = null, emptyLists = 0, sequence } = list ?? {};
  if (shortest === null || longest === null) return [];
  const share = (count: number): string => formatPercent(count / (rows - nulls));
  const isEqual = shortest === longest;
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
    ...orderParts(times),
    ...(isEqual || emptyLists === 0 ? [] : [message('{0} empty', share(emptyLists))]),
    ...(isEqual || !steps ? [] : [message('{0} have {1}', share(steps.full), formatCount(longest))]),
  ];
}

/** The order of the times in the lists: `oldest first`. Empty for lists of other values. */
function orderParts({ steps }: Pick<ColumnProfile, 'steps'>): Message[] {
  const order = steps?.order ? mainOrder(steps.order) : null;
  if (order === null) return [];
  const { isNewestFirst, share } = order;
  if (share === 1) return [isNewestFirst ? message('newest first') : message('oldest first')];
  return [
    isNewestFirst
      ? message('newest first in {0} of the lists', formatPercent(share))
      : message('oldest first in {0} of the lists', formatPercent(share)),
  ];
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
