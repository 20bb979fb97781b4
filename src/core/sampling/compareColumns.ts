import type { ShownColumn } from './passedValues.ts';

/** Where the values of a copied column come from. */
export type CopiedFrom = Pick<ShownColumn, 'column' | 'from' | 'side' | 'maxAge'>;
/** A copied column: its name in the output, and where its values come from. */
export type CopiedColumn = CopiedFrom & Pick<ShownColumn, 'name'>;

/** A copied column that differs between two sides. Null: this side does not copy it. */
export interface ComparedColumn {
  /** Name in the output. */
  readonly name: string;
  readonly a: CopiedFrom | null;
  readonly b: CopiedFrom | null;
}

/**
 * Columns that only one of two sides copies, or that have another origin: in the order of A, then those only in B.
 * Names of an output are unique without regard to case.
 */
export function comparedColumns(a: readonly CopiedColumn[], b: readonly CopiedColumn[]): ComparedColumn[] {
  const others = new Map(b.map((column) => [keyOf(column), column]));
  const shared = new Set(a.map(keyOf));
  return [
    ...a.flatMap((column): ComparedColumn[] => {
      const other = others.get(keyOf(column));
      if (other && isSame(column, other)) return [];
      return [{ name: column.name, a: originOf(column), b: other ? originOf(other) : null }];
    }),
    ...b
      .filter((column) => !shared.has(keyOf(column)))
      .map((column): ComparedColumn => ({ name: column.name, a: null, b: originOf(column) })),
  ];
}

const keyOf = ({ name }: CopiedColumn): string => name.toLowerCase();

function originOf({ column, from, side, maxAge }: CopiedColumn): CopiedFrom {
  return { column, from, side, maxAge };
}

function isSame(a: CopiedColumn, b: CopiedColumn): boolean {
  return a.column === b.column && a.from === b.from && a.side === b.side && a.maxAge === b.maxAge;
}
