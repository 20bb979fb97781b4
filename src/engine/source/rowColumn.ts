import { foldName } from '../sql/foldName.ts';

/** A name for the row number that no column has. DuckDB compares names case-insensitively. */
export function rowColumnName(columns: readonly string[]): string {
  const taken = new Set(columns.map(foldName));
  let name = '@row';
  while (taken.has(name)) name = `@${name}`;
  return name;
}
