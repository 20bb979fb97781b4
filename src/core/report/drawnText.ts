import type { ItemFacts } from '../sampling/answers.ts';
import type { PairDraw, PreviewGroup, PreviewRow } from '../sampling/drawn.ts';
import { requestedFor } from '../sampling/requested.ts';
import { fixed, formatCount } from '../table/format.ts';
import { message, type Message } from '../message/message.ts';
import { ownValue } from '../ownValue.ts';

/** A time for people: seconds without fraction, unless the fraction is not zero. */
export function timeText(iso: string): string {
  return iso
    .replace('T', ' ')
    .replace(/(\.\d*?)0*Z?$/, (_, fraction: string) => (fraction === '.' ? '' : fraction))
    .replace(/Z$/, '');
}

/** The table of a pool whose counts change with the day; null for other pools. */
export function tableText({ before, pool = null }: Pick<PairDraw, 'before' | 'pool'>): Message | null {
  if (before === undefined) return null;
  return pool === null ? message('before {0}', before) : message('before {0}, {1}', before, pool);
}

/** The reason for a row, in a few words. */
export function whyText({ why, entry, draw }: PreviewRow, { quotas }: Pick<PreviewGroup, 'quotas'>): Message {
  switch (why.kind) {
    case 'positive':
      return { text: '{0}', args: [why.event] };
    case 'exposure':
      return why.event === null ? message('shown, no event') : { text: '{0}', args: [why.event] };
    case 'pool':
      return message('draw {0} of {1}', (draw ?? 0) + 1, ownValue(quotas, entry ?? '') ?? (draw ?? 0) + 1);
    case 'list':
      return why.tier === 'request'
        ? message('{0} of {1} in request', why.rank + 1, formatCount(why.size))
        : message('{0} of {1} of the user', why.rank + 1, formatCount(why.size));
  }
}

export const noEvents = message('no events');

/**
 * Percentile of popularity, such as `99.71`; a dash for items outside of the corpus.
 * @param none text for items without events
 */
export function percentileText(percentile: ItemFacts['percentile'] | undefined, none: string): string {
  if (percentile === 'no events') return none;
  return percentile === null || percentile === undefined ? '–' : percentile.toFixed(2);
}

/** Natural logarithms of probabilities with three decimals, so that they align; a dash if there is none. */
export function logText(log: number | null): string {
  return log === null ? '–' : fixed(log, 3).replace('-', '−');
}

/** Negatives of a group: drawn and requested. */
export function amountOf(group: PreviewGroup): { readonly drawnRows: number; readonly requestedRows: number } {
  return {
    drawnRows: group.rows.filter(({ label, draw }) => label === 0 && draw !== null).length,
    requestedRows: requestedFor(group),
  };
}
