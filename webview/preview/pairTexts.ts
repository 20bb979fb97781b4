import { noCountText, reasonsIn, reasonText } from '../../src/core/report/reasons.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { PairEntry } from '../../src/protocol/sampling.ts';
import { say, t } from '../strings.ts';

/** What keeps an entry from drawing the item, by group. */
export function refusalLines({ refused, noneOf, isPast }: PairEntry, groups: number): string[] {
  if (groups === 0) return [];
  const count = (n: number): string =>
    n >= groups ? t('in all groups') : n === 1 ? t('in 1 group') : t('in {0} groups', formatCount(n));
  const lines = reasonsIn(refused).map((reason) => {
    const name = reason === 'absent' && noneOf !== undefined ? noCountText(noneOf) : reasonText(reason, isPast);
    return `${say(name)} ${count(refused[reason])}`;
  });
  return lines.length > 0 ? lines : [t('nothing excludes it')];
}
