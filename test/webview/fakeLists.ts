import type { Column, Dataset } from '../../src/core/table/dataset.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { fakeValue, itemId } from './fakeData.ts';

const clicks: readonly Pick<Column, 'name' | 'type'>[] = [
  { name: 'clicks__item_id', type: { kind: 'list', item: { kind: 'integer', bits: 64, signed: true } } },
  { name: 'clicks__ts', type: { kind: 'list', item: { kind: 'timestamp', unit: 'us', zoned: true } } },
  { name: 'clicks__category', type: { kind: 'list', item: { kind: 'string' } } },
];
/** Index of the first list. */
const firstList = 12;

/** A sample file with a history of clicks. */
export function withLists(dataset: Dataset): Dataset {
  const lists = clicks.map((column): Column => ({ ...column, role: null, partition: false }));
  return { ...dataset, columns: [...dataset.columns.slice(0, firstList), ...lists] };
}

/** Row 0 has 10,000 steps, row 1 none, row 2 NULL, row 3 steps after its time, row 4 lists of other lengths. */
const lengthOf = (row: number): number => [10_000, 0, 0, 6, 5][row] ?? 3 + (row % 40);

/** A value of the lists, which are the columns from `firstList` on. */
export function listValue(row: number, column: number): string | null {
  if (row === 2) return null;
  const count = lengthOf(row) + (row === 4 && column === firstList + 2 ? 1 : 0);
  const time = Date.parse(`${String(fakeValue(row, 7)).slice(0, 19).replace(' ', 'T')}Z`);
  const elements = Array.from({ length: count }, (_, k) => {
    const before = (count - k) * 251 + (row === 3 ? -1000 : 60);
    if (column === firstList) return String(itemId(row * 31 + k * 7));
    if (column === firstList + 1)
      return JSON.stringify(`${new Date(time - before * 1000).toISOString().slice(0, 19).replace('T', ' ')}+00`);
    return k % 7 === 3 ? 'null' : JSON.stringify(k % 5 === 1 ? '<b>Loft</b> & "roof"' : '整套 / 公寓');
  });
  return `[${elements.join(',')}]`;
}

/** The profile of a list; null for other columns. */
export function listProfile({ name, type, role }: Column, rows: number): ColumnProfile | null {
  const lists = clicks.map((list) => list.name);
  if (!lists.includes(name)) return null;
  const counts = Array.from({ length: 26 }, (_, k) => Math.round(rows * (k === 25 ? 0.4 : 0.02)));
  return {
    name,
    type,
    role,
    rows,
    nulls: 0,
    distinct: { value: 861_058, exact: false },
    min: null,
    max: null,
    mean: null,
    sd: null,
    quantiles: { p5: 0, p25: 12, p50: 31, p75: 50, p95: 50, exact: true },
    of: 'length',
    top: [],
    topExact: false,
    histogram: { kind: 'range', of: 'length', from: 0, to: 50, counts },
    list: {
      shortest: 0,
      longest: 50,
      emptyLists: Math.round(rows * 0.1),
      listsWithNulls: 0,
      vectors: null,
      sequence: { name: 'clicks', lists, uneven: name === 'clicks__category' ? 1 : 0 },
    },
    steps: {
      full: Math.round(rows * 0.4),
      order: name === 'clicks__ts' ? { lists: rows, ascending: rows, descending: 0 } : null,
    },
  };
}
