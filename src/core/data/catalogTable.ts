import { typeOfSpark } from '../table/sparkType.ts';
import type { LogicalType } from '../table/type.ts';
import type { DatasetEntry } from './dataColumns.ts';

/**
 * The catalog, database and table in the name of a table, as Spark reads them. A part in backticks may contain dots and
 * blanks. Null if a part is empty or the text is not such a name.
 */
export function partsOfTable(name: string): string[] | null {
  const part = String.raw`\s*(?:\`((?:[^\`]|\`\`)+)\`|([^\s.\`]+))\s*`;
  const parts: string[] = [];
  let remaining = name;
  for (;;) {
    const match = new RegExp(`^${part}(\\.|$)`).exec(remaining);
    if (!match) return null;
    parts.push(match[1]?.replaceAll('``', '`') ?? match[2] ?? '');
    remaining = remaining.slice(match[0].length);
    if (match[3] === '') return parts;
  }
}

/** The declared columns of a Spark table; `type` null: Spark has no such type. */
export function declaredColumns({ types = {} }: DatasetEntry): {
  readonly name: string;
  readonly type: LogicalType | null;
}[] {
  return Object.entries(types).map(([name, type]) => ({ name, type: typeOfSpark(type) }));
}
