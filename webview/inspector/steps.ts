import { microsecondsOfIso } from '../../src/core/sampling/isoTime.ts';
import { epochText } from '../../src/core/table/epoch.ts';
import { NumberText } from './exactJson.ts';

/** A step of a list. */
export interface Step {
  /** 0-based position in the lists. */
  readonly index: number;
  /** Whole seconds from the step to the row, negative after it; null if a time is not known. */
  readonly age: number | null;
  /** True at or after the time of the row. */
  readonly isLate: boolean;
}

/**
 * The steps of a row, the newest first; in the order of the file if a time is not known. `time`: index of the list of
 * times, -1 without one.
 */
export function orderedSteps(
  elements: readonly (readonly unknown[])[],
  time: number,
  rowTime: string | null,
): readonly Step[] {
  const count = Math.max(0, ...elements.map(({ length }) => length));
  const end = rowTime === null ? null : microsecondsOf(rowTime);
  const times = Array.from({ length: count }, (_, index) => {
    const text = elementText(elements[time]?.[index]);
    return text === null ? null : microsecondsOf(text);
  });
  const steps = times.map((at, index): Step & { readonly at: number | null } => ({
    index,
    at,
    age: at === null || end === null ? null : Math.trunc((end - at) / 1e6),
    isLate: at !== null && end !== null && at >= end,
  }));
  if (times.includes(null)) return steps.sort((a, b) => Number(b.isLate) - Number(a.isLate));
  return steps.sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
}

/** Microseconds since 1970 of a time as text, or of an integer; null if it is neither. Times without a zone are UTC. */
export function microsecondsOf(text: string): number | null {
  const iso = /^-?\d+$/.test(text) ? epochText(text) : text;
  const [, day, clock = '00:00:00', fraction = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00(?::?00)?|Z)?)?$/.exec(iso ?? '') ?? [];
  return day === undefined ? null : microsecondsOfIso(`${day}T${clock}.${fraction.padEnd(6, '0').slice(0, 6)}Z`);
}

/** An element as text: exact numbers, strings without quotes. Null for NULL and a missing element. */
export function elementText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : jsonText(value);
}

function jsonText(value: unknown): string {
  if (value instanceof NumberText) return value.source;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${jsonText(inner)}`)
    .join(', ')}}`;
}
