import type { Comparison, UserComparison } from '../../src/core/sampling/compare.ts';
import { comparedDistances } from '../../src/core/sampling/compareDistances.ts';
import type { PreviewAnswer } from '../../src/protocol/preview.ts';
import type { PreviewGroup, PreviewRow } from '../../src/protocol/sampling.ts';

export function fakeComparison(
  a: PreviewAnswer,
  b: PreviewAnswer,
  { changes, columns }: Pick<Comparison, 'changes' | 'columns'>,
): Comparison {
  const users = b.preview.users.map((user): UserComparison => {
    const other = a.preview.users.find((each) => each.user === user.user);
    const groups = user.groups.map((group) => {
      const own = negativesOf(group);
      const against = negativesOf(other?.groups.find(({ key }) => key === group.key));
      const draw = (row: PreviewRow | undefined) =>
        row ? { entry: row.entry ?? '', source: row.source ?? '', draw: row.draw ?? 0 } : null;
      const rows = [...new Set([...against.keys(), ...own.keys()])].map((item) => {
        const [inA, inB] = [draw(against.get(item)), draw(own.get(item))];
        const change =
          inA && inB
            ? inA.entry === inB.entry && inA.draw === inB.draw
              ? ('same' as const)
              : ('moved' as const)
            : inA
              ? ('out' as const)
              : ('in' as const);
        return { item, change, a: inA, b: inB };
      });
      return {
        key: group.key,
        item: group.item,
        request: group.request,
        time: group.time,
        rows,
        a: against.size,
        b: own.size,
        ...overlapOf(rows),
      };
    });
    const sum = (key: 'a' | 'b' | 'same' | 'moved' | 'out' | 'in'): number =>
      groups.reduce((total, group) => total + group[key], 0);
    return {
      user: user.user,
      groups,
      a: sum('a'),
      b: sum('b'),
      same: sum('same'),
      moved: sum('moved'),
      out: sum('out'),
      in: sum('in'),
    };
  });
  const rows = users.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
  const total = (key: 'a' | 'b' | 'same' | 'moved' | 'out' | 'in'): number =>
    users.reduce((sum, user) => sum + user[key], 0);
  const names = [...new Set([...a.preview.totals.entries, ...b.preview.totals.entries].map(({ name }) => name))].sort();
  return {
    users,
    changes,
    columns,
    distances: comparedDistances(a.preview, b.preview),
    totals: {
      a: total('a'),
      b: total('b'),
      same: total('same'),
      moved: total('moved'),
      out: total('out'),
      in: total('in'),
    },
    entries: names.map((name) => {
      const of = (side: 'a' | 'b'): number => rows.filter((row) => row[side]?.entry === name).length;
      return {
        name,
        source: name,
        same: rows.filter((row) => row.a?.entry === name && row.b?.entry === name).length,
        larger: Math.max(of('a'), of('b')),
      };
    }),
  };
}

function negativesOf(group: PreviewGroup | undefined): Map<string, PreviewRow> {
  return new Map(group?.rows.filter(({ label }) => label === 0).map((row) => [row.item, row]));
}

function overlapOf(rows: readonly { change: 'same' | 'moved' | 'out' | 'in' }[]): {
  same: number;
  moved: number;
  out: number;
  in: number;
} {
  const count = (...changes: readonly string[]): number => rows.filter(({ change }) => changes.includes(change)).length;
  return { same: count('same', 'moved'), moved: count('moved'), out: count('out'), in: count('in') };
}
