import { logText, tableText, whyText as shortWhy } from '../../src/core/report/drawnText.ts';
import { reasonText } from '../../src/core/report/reasons.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { PreviewGroup, PreviewRow, SamplingFacts, Why } from '../../src/protocol/sampling.ts';
import { say, t } from '../strings.ts';
import { itemName } from './texts.ts';
import { ownValue } from '../../src/core/ownValue.ts';

/** The reason for a row in a few words. */
export function whyText(row: PreviewRow, group: PreviewGroup): string {
  const { why } = row;
  const short = say(shortWhy(row, group));
  const table = why.kind === 'pool' ? tableText(why) : null;
  if (table !== null) return `${short} · ${say(table)}`;
  return why.kind === 'list' && why.channel !== null ? `${short} · ${why.channel}` : short;
}

/** Attempts that were rejected before this draw. */
export const rejectedBefore = (why: Why): number => (why.kind === 'pool' ? why.rejected.length : 0);

/** The reason for a row in sentences, with enough detail to recompute it by hand. */
export function explanation(row: PreviewRow, group: PreviewGroup, facts: SamplingFacts | null): string[] {
  const { why, logQ, logQMix } = row;
  const logs =
    logQ === null && logQMix === null
      ? []
      : [t('log q: {0} for the entry, {1} for the mix.', logText(logQ), logText(logQMix))];
  switch (why.kind) {
    case 'positive':
      return [
        t('A positive because of the event {0}, weight {1}.', why.event, row.weight),
        ...(row.keepProbability === null
          ? []
          : [
              t(
                'downsample_hot keeps this positive with probability {0}. It was kept.',
                Number(row.keepProbability.toPrecision(4)),
              ),
            ]),
        ...logs,
      ];
    case 'exposure':
      return [
        why.event === null
          ? t('Shown without a positive event: a negative.')
          : t('Shown with the event {0}: a positive.', why.event),
        ...logs,
      ];
    case 'pool': {
      const { attempt, u, weight, total, size, pool, before, rejected } = why;
      return [
        t(
          'Draw {0} of {1} from {2}: attempt k = {3}, u = {4}.',
          (row.draw ?? 0) + 1,
          ownValue(group.quotas, row.entry ?? '') ?? 1,
          row.entry ?? '',
          attempt,
          u.toFixed(6),
        ),
        pool === null
          ? t(
              'The item has weight {0} of {1} in total. The pool has {2} items.',
              formatCount(weight),
              formatCount(total),
              formatCount(size),
            )
          : t(
              'The item has weight {0} of {1} in total. The pool {2} has {3} items.',
              formatCount(weight),
              formatCount(total),
              pool,
              formatCount(size),
            ),
        ...(before === undefined ? [] : [t('The pool counts only events before {0}.', before)]),
        ...rejected.map((each) =>
          t(
            'Attempt k = {0} drew {1}, which was rejected: {2}.',
            each.attempt,
            itemName(facts, each.item),
            say(reasonText(each.reason, each.isPast)),
          ),
        ),
        ...logs,
        t('The same seed draws it again.'),
      ];
    }
    case 'list': {
      const { rank, size, tier, channel } = why;
      return [
        t(
          'Draw {0} of {1} from {2}: the first candidates in keyed order are taken.',
          (row.draw ?? 0) + 1,
          ownValue(group.quotas, row.entry ?? '') ?? 1,
          row.entry ?? '',
        ),
        tier === 'request'
          ? t('It is number {0} of {1} acceptable candidates of the request.', rank + 1, formatCount(size))
          : t('It is number {0} of {1} acceptable candidates of the user.', rank + 1, formatCount(size)),
        ...(channel === null ? [] : [t('The channels take turns. This draw was the turn of {0}.', channel)]),
        ...logs,
        t('The same seed draws it again.'),
      ];
    }
  }
}
