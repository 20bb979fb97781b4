import type { SamplingFacts } from '../../src/protocol/sampling.ts';
import { boot } from '../boot.ts';
import { t } from '../strings.ts';

/** The title of an item if the data have one, else its id. */
export function itemName(facts: SamplingFacts | null, item: string): string {
  return factsOfItem(facts, item)?.title ?? item;
}

export function factsOfItem(facts: SamplingFacts | null, item: string): SamplingFacts['items'][string] | null {
  return facts && Object.hasOwn(facts.items, item) ? (facts.items[item] ?? null) : null;
}

/** An expected count or a probability: three significant digits, `0`, or `< 0.0001`. */
export function smallText(value: number): string {
  if (value === 0) return '0';
  if (value < 1e-4)
    return value
      .toExponential(2)
      .replace('e-', ' × 10⁻')
      .replace(/⁻(\d+)$/, (_, digits: string) => `⁻${[...digits].map((d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)] ?? d).join('')}`);
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

/** A time in the config's time zone, to the minute: `14 Mar, 00:07`. For the exact time see `exactTime`. */
export function shortTime(time: string, timezone: string): string {
  return zonedTime(time, timezone, {});
}

/** To the second: `14 Mar, 00:07:12`. */
export function secondTime(time: string, timezone: string): string {
  return zonedTime(time, timezone, { second: '2-digit' });
}

function zonedTime(time: string, timezone: string, further: Intl.DateTimeFormatOptions): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  try {
    return date.toLocaleString(boot.locale === 'en' ? 'en-GB' : 'zh-CN', {
      timeZone: timezone,
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      ...further,
      hourCycle: 'h23',
    });
  } catch {
    // The browser does not know the time zone.
    return exactTime(time);
  }
}

/** `2026-03-14 00:07:12.004000 UTC`: to the microsecond. */
export function exactTime(time: string): string {
  return time.replace('T', ' ').replace(/Z$/, ' UTC');
}

/** 0-based lines of a text, shown 1-based. */
export function linesText({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? t('Edits line {0}.', first + 1) : t('Edits lines {0} to {1}.', first + 1, last + 1);
}
