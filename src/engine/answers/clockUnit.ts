import type { Work } from '../database/connections.ts';
import type { Tables } from '../tables/tables.ts';

const units = [1_000_000, 1000, 1] as const;

/**
 * The largest unit in which all times of some rows are whole: a second, a millisecond or a microsecond, in microseconds.
 * @param areWhole SQL of whether the times of a row are multiples of a unit
 */
export async function clockUnit(
  areWhole: (unit: number) => string,
  from: string,
  tables: Tables,
  work: Work,
): Promise<number> {
  const [row] = await tables.rows(
    `SELECT ${units.map((unit) => `coalesce(bool_and(${areWhole(unit)}), true)`).join(', ')} FROM ${from}`,
    work,
  );
  return units.find((_, k) => row?.[k] === true) ?? 1;
}
