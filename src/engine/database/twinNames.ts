import { message, type Message } from '../../core/message/message.ts';
import { typeName } from '../../core/table/type.ts';
import { foldName } from '../sql/foldName.ts';
import type { SourceColumn } from './sourceColumn.ts';

/**
 * Marks the columns whose names differ only in case as unreadable. DuckDB does not distinguish such names, so it would
 * read one column instead of the other.
 */
export function markTwins(columns: readonly SourceColumn[]): SourceColumn[] {
  const twins = twinsOf(columns.map(({ name }) => name));
  return columns.map((column) => {
    const twin = twins.get(column.name);
    if (twin === undefined || column.type.kind === 'unreadable') return column;
    return {
      name: column.name,
      type: {
        kind: 'unreadable',
        name: typeName(column.type),
        reason: message('its name differs from that of column {0} only in letter case. Rename one', twin),
      },
      sqlType: 'VARCHAR',
      partition: column.partition,
    };
  });
}

/**
 * The columns that a relation may have: of those whose names differ only in case, the first. DuckDB would give the
 * others a name that another column may have.
 */
export function withoutTwins<Named extends { readonly name: string }>(columns: readonly Named[]): Named[] {
  const first = new Map<string, Named>();
  for (const column of columns) if (!first.has(foldName(column.name))) first.set(foldName(column.name), column);
  return [...first.values()];
}

/** Why a column is not read that has a struct with these fields; null if DuckDB distinguishes their names. */
export function twinFields(names: readonly string[]): Message | null {
  const first = new Map<string, string>();
  for (const name of names) {
    const other = first.get(foldName(name));
    if (other !== undefined)
      return message('the names of its fields {0} and {1} are equal except for letter case. Rename one', other, name);
    first.set(foldName(name), name);
  }
  return null;
}

/** By name: another name that DuckDB does not distinguish from it. */
function twinsOf(names: readonly string[]): Map<string, string> {
  const first = new Map<string, string>();
  const twins = new Map<string, string>();
  for (const name of names) {
    const other = first.get(foldName(name));
    if (other === undefined) first.set(foldName(name), name);
    else if (other !== name) {
      twins.set(name, other);
      if (!twins.has(other)) twins.set(other, name);
    }
  }
  return twins;
}
