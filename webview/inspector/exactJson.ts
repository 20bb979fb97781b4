/** A number of a JSON text in its original notation, so that 64-bit integers stay exact. */
export class NumberText {
  constructor(readonly source: string) {}
}

/**
 * Parses a JSON text with its numbers as `NumberText`. Undefined if it is not valid JSON (a vector with NaN, or a cut
 * text).
 */
export function parseExactJson(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text, revive) as unknown;
  } catch {
    return undefined;
  }
}

/** The numbers of a vector with at least two elements; null if it contains anything else. */
export function numbersOf(value: unknown): number[] | null {
  if (!Array.isArray(value) || value.length < 2) return null;
  const numbers = value.map((item: unknown) => (item instanceof NumberText ? Number(item.source) : NaN));
  return numbers.some(Number.isNaN) ? null : numbers;
}
