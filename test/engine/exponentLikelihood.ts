import assert from 'node:assert/strict';

/** Draws of one pool, as plain loops see them. */
export interface PoolDraws {
  readonly items: readonly number[];
  readonly countOf: (item: number) => number;
  readonly isExcluded: (user: number, item: number) => boolean;
  readonly rows: readonly { readonly user: number; readonly item: number }[];
}

/** The rows that an exponent is fitted to: their items have a count, and their users can draw them. */
export function usedRows({ items, countOf, isExcluded, rows }: PoolDraws): PoolDraws['rows'] {
  return rows.filter(({ user, item }) => items.includes(item) && countOf(item) > 0 && !isExcluded(user, item));
}

/** Asserts that no exponent next to `value` makes the rows likelier. */
export function assertLikeliest(draws: PoolDraws, value: number, name: string): void {
  const { countOf, isExcluded } = draws;
  const pool = draws.items.filter((item) => countOf(item) > 0);
  const used = usedRows(draws);
  const likelihood = (a: number): number => {
    const sums = new Map<number, number>();
    const sumOf = (user: number): number => {
      const known =
        sums.get(user) ?? pool.reduce((sum, item) => sum + (isExcluded(user, item) ? 0 : countOf(item) ** a), 0);
      sums.set(user, known);
      return known;
    };
    return used.reduce((sum, { user, item }) => sum + a * Math.log(countOf(item)) - Math.log(sumOf(user)), 0);
  };
  for (const step of [-1e-4, 1e-4]) assert.ok(likelihood(value) > likelihood(value + step), `${name} at ${value}`);
}
