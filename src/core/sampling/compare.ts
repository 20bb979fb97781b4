import { comparedColumns, type ComparedColumn, type CopiedColumn } from './compareColumns.ts';
import { comparedDistances, type ComparedDistance, type Measured } from './compareDistances.ts';
import type { DrawnUser, PreviewRow } from './drawn.ts';
import { dataChanges, type ReadData } from './plan/dataChanges.ts';
import { planChanges, type PlanChange } from './plan/planChanges.ts';
import type { StagePlan } from './plan/stagePlan.ts';

/**
 * Comparison of two draws for the same users. Rows are matched within a group by item; rows of the same entry are
 * matched first.
 */
export interface Comparison {
  readonly users: readonly UserComparison[];
  readonly totals: Overlap;
  /**
   * By name of the entries in A, B or both. `same`: drawn by this entry on both sides; `larger`: the larger row count
   * of A and B.
   */
  readonly entries: readonly {
    readonly name: string;
    readonly source: string;
    readonly same: number;
    readonly larger: number;
  }[];
  readonly changes: readonly PlanChange[];
  /** Copied columns that differ. */
  readonly columns: readonly ComparedColumn[];
  readonly distances: readonly ComparedDistance[];
}

/** Negatives of A and B. `moved`: the same item by another entry or draw; also counted in `same`. */
export interface Overlap {
  readonly a: number;
  readonly b: number;
  readonly same: number;
  readonly moved: number;
  readonly out: number;
  readonly in: number;
}
export interface UserComparison extends Overlap {
  readonly user: string;
  readonly groups: readonly GroupComparison[];
}
export interface GroupComparison extends Overlap {
  readonly key: string;
  /** As in `PreviewGroup`. */
  readonly item: string | null;
  readonly request: string | null;
  readonly time: string;
  readonly rows: readonly ComparedRow[];
}
/** A negative of A, of B, or of both. Null if that side does not draw it. */
export interface ComparedRow {
  readonly item: string;
  readonly change: 'same' | 'moved' | 'out' | 'in';
  readonly a: ComparedDraw | null;
  readonly b: ComparedDraw | null;
}
export interface ComparedDraw {
  readonly entry: string;
  readonly source: string;
  /** Rank within (group, entry), from 0. */
  readonly draw: number;
}

/** One side: its plan, its data and its draws. `users` must have all groups of each user. */
export interface ComparedDrawing {
  readonly plan: StagePlan;
  readonly data: ReadData;
  readonly users: readonly DrawnUser[];
  /** The columns that the sample file copies. */
  readonly copied: readonly CopiedColumn[];
  readonly measured: Measured;
}

/**
 * Compares two draws. Users are matched by id, groups by key. If only one side has a user or group, all of its rows are
 * out, or in. Users are in the order of A, then those only in B; groups likewise.
 */
export function compare(a: ComparedDrawing, b: ComparedDrawing): Comparison {
  const users = paired(a.users, b.users, ({ user }) => user).map(([left, right]): UserComparison => {
    const groups = paired(left?.groups ?? [], right?.groups ?? [], ({ key }) => key).map(
      ([one, other]): GroupComparison => {
        const rows = matchedRows(drawsOf(one?.rows ?? []), drawsOf(other?.rows ?? []));
        const { key = '', item = null, request = null, time = '' } = one ?? other ?? {};
        return { key, item, request, time, rows, ...overlapOf(rows) };
      },
    );
    return { user: (left ?? right)?.user ?? '', groups, ...summed(groups) };
  });
  return {
    users,
    totals: summed(users),
    entries: entriesOf(a.plan, b.plan, users),
    changes: [...planChanges(a.plan, b.plan), ...dataChanges(a.data, b.data)],
    columns: comparedColumns(a.copied, b.copied),
    distances: comparedDistances(a.measured, b.measured),
  };
}

interface Draw extends ComparedDraw {
  readonly item: string;
}

/** Negatives only: positives and exposures are not drawn. */
function drawsOf(rows: readonly PreviewRow[]): Draw[] {
  return rows.flatMap(({ item, label, entry, source, draw }) =>
    label === 0 && entry !== null && source !== null && draw !== null ? [{ item, entry, source, draw }] : [],
  );
}

/** Pairs elements with equal keys, in the order of the left; then come those that only the right has. */
function paired<T>(
  left: readonly T[],
  right: readonly T[],
  keyOf: (element: T) => string,
): (readonly [T | undefined, T | undefined])[] {
  const others = new Map(right.map((element) => [keyOf(element), element]));
  const both = left.map((element) => {
    const key = keyOf(element);
    const other = others.get(key);
    others.delete(key);
    return [element, other] as const;
  });
  return [...both, ...[...others.values()].map((element) => [undefined, element] as const)];
}

/** Several entries may draw an item. It is paired within the same entry first, then with another. */
function matchedRows(a: readonly Draw[], b: readonly Draw[]): ComparedRow[] {
  const left = new Set(b);
  const partners = new Map<Draw, Draw>();
  const search = (holds: (x: Draw, y: Draw) => boolean): void => {
    const byItem = new Map<string, Draw[]>();
    for (const y of left) byItem.set(y.item, [...(byItem.get(y.item) ?? []), y]);
    for (const x of a) {
      if (partners.has(x)) continue;
      const y = byItem.get(x.item)?.find((candidate) => left.has(candidate) && holds(x, candidate));
      if (!y) continue;
      partners.set(x, y);
      left.delete(y);
    }
  };
  search((x, y) => x.entry === y.entry);
  search(() => true);
  const rows = a.map((x): ComparedRow => {
    const y = partners.get(x);
    if (!y) return { item: x.item, change: 'out', a: drawOf(x), b: null };
    return {
      item: x.item,
      change: x.entry === y.entry && x.draw === y.draw ? 'same' : 'moved',
      a: drawOf(x),
      b: drawOf(y),
    };
  });
  return [...rows, ...[...left].map((y): ComparedRow => ({ item: y.item, change: 'in', a: null, b: drawOf(y) }))];
}

function drawOf({ entry, source, draw }: Draw): ComparedDraw {
  return { entry, source, draw };
}

function overlapOf(rows: readonly ComparedRow[]): Overlap {
  const count = (change: ComparedRow['change']): number => rows.filter((row) => row.change === change).length;
  const [moved, out, incoming] = [count('moved'), count('out'), count('in')];
  const same = count('same') + moved;
  return { a: same + out, b: same + incoming, same, moved, out, in: incoming };
}

function summed(parts: readonly Overlap[]): Overlap {
  const sum = (key: keyof Overlap): number => parts.reduce((all, part) => all + part[key], 0);
  return { a: sum('a'), b: sum('b'), same: sum('same'), moved: sum('moved'), out: sum('out'), in: sum('in') };
}

/** Entries in the order of A, then those only in B. */
function entriesOf(a: StagePlan, b: StagePlan, users: readonly UserComparison[]): Comparison['entries'] {
  const counts = new Map<string, { readonly source: string; a: number; b: number; same: number }>(
    paired(a.entries, b.entries, ({ name }) => name).flatMap(([x, y]) => {
      const entry = x ?? y;
      return entry ? [[entry.name, { source: entry.source, a: 0, b: 0, same: 0 }]] : [];
    }),
  );
  for (const { a: left, b: right } of users.flatMap(({ groups }) => groups).flatMap(({ rows }) => rows)) {
    const [one, other] = [counts.get(left?.entry ?? ''), counts.get(right?.entry ?? '')];
    if (one) one.a++;
    if (other) other.b++;
    if (one && one === other) one.same++;
  }
  return [...counts].map(([name, count]) => ({
    name,
    source: count.source,
    same: count.same,
    larger: Math.max(count.a, count.b),
  }));
}
