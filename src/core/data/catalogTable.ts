import { typeOfSpark } from '../table/sparkType.ts';
import type { LogicalType } from '../table/type.ts';
import type { DatasetEntry } from './dataColumns.ts';

/**
 * The parts of the name of a table: catalog, database and table, as Spark reads them. A part in backticks may contain
 * dots and blanks. Null if a part is empty, or the text is not such a name.
 */
export function partsOfTable(name: string): string[] | null {
  const part = String.raw`\s*(?:\`((?:[^\`]|\`\`)+)\`|([^\s.\`]+))\s*`;
  const parts: string[] = [];
  let rest = name;
  for (;;) {
    const found = new RegExp(`^${part}(\\.|$)`).exec(rest);
    if (!found) return null;
    parts.push(found[1]?.replaceAll('``', '`') ?? found[2] ?? '');
    rest = rest.slice(found[0].length);
    if (found[3] === '') return parts;
  }
}

/** The declared columns of a table of Spark; null for a type that Spark does not have. */
export function declaredColumns({ types = {} }: DatasetEntry): {
  readonly name: string;
  readonly type: LogicalType | null;
}[] {
  return Object.entries(types).map(([name, type]) => ({ name, type: typeOfSpark(type) }));
}
