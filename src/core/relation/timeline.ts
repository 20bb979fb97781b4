import { asc, col, fn, int, over, sql } from './expression.ts';
import { cols, select } from './relation.ts';
import type { Expression, Order, Relation } from './tree.ts';

/**
 * Columns of a version of a key in a table of features, besides its key and values. `e`: its event time; `k`: its known
 * time; `r`: the time from which it can be read; `ended`: the time from which the key has no value, or NULL; `gone`:
 * whether the key has no value from `e` on. All times are microseconds since 1970 UTC.
 */
export const versionColumns = ['e', 'k', 'r', 'ended', 'gone'] as const;

interface Versions {
  /** The key, the `versionColumns`, the values and the columns of `ties`. */
  readonly rows: Relation | string;
  readonly key: readonly string[];
  readonly values: readonly string[];
  /** Which of the versions with equal key, `e` and `k` counts; before it, those that are not `gone`. */
  readonly ties: readonly Order[];
  /** True if versions may be written in another order than that of their event times. */
  readonly isKnown: boolean;
}

/**
 * The versions of each key with their rank: `o`, by event time and known time. `best`: the largest rank that can be read
 * when this version can be read first. A version with a smaller rank than `best` is late: it never changes a value.
 */
export function rankedVersions({ rows, key, values, ties, isKnown }: Versions): Relation {
  const partition = cols(key);
  const names = [...key, ...versionColumns, ...values];
  const place = over(fn('row_number'), {
    partition: [...partition, col('e'), col('k')],
    order: [asc(col('gone')), ...ties],
  });
  const first = select(names, select([...names, ['place', place]], rows), {
    where: [sql`${col('place')} = ${int(1)}`],
  });
  const rank = over(fn('row_number'), { partition, order: [asc(col('e')), asc(col('k'))] });
  const ranked = select([...names, ['o', rank]], first);
  const best: Expression = isKnown
    ? over(fn('max', col('o')), { partition, order: [asc(col('r')), asc(col('o'))], rows: 'upToHere' })
    : col('o');
  return select([...names, 'o', ['best', best]], ranked);
}

/**
 * The timeline: the versions that are ever the newest one that can be read. Then `r` is unique within a key, and the
 * value at a time is that of the largest `r` up to it. features-in-time: the newest version by event time, then known
 * time, decides alone. @param ranked the rows of `rankedVersions`
 */
export function timeline(ranked: Relation | string, { key, values }: Pick<Versions, 'key' | 'values'>): Relation {
  const names = [...key, ...versionColumns, ...values, 'o'];
  const next = over(fn('lead', col('r')), { partition: cols(key), order: [asc(col('o'))] });
  const newest = select([...names, ['next_r', next]], ranked, { where: [sql`${col('o')} = ${col('best')}`] });
  return select(names, newest, {
    where: [sql`${sql`${col('next_r')} IS NULL`} OR ${sql`${col('next_r')} > ${col('r')}`}`],
  });
}
