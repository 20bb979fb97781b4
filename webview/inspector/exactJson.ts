/** A number of a JSON text as it is written there: 64-bit integers stay exact. */
export class NumberText {
  constructor(readonly source: string) {}
}

/** Parses a JSON text, its numbers as `NumberText`; undefined where it is none (a vector with NaN, a text that is cut). */
export function parseExactJson(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text, revive) as unknown;
  } catch {
    return undefined;
  }
}

/** The numbers of a vector of at least two; null where something else is in it. */
export function numbersOf(value: unknown): number[] | null {
  if (!Array.isArray(value) || value.length < 2) return null;
  const numbers = value.map((item: unknown) => (item instanceof NumberText ? Number(item.source) : NaN));
  return numbers.some(Number.isNaN) ? null : numbers;
}
