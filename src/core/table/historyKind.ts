import type { LogicalType } from './type.ts';

/**
 * How a column holds the past items of a user: as a `text` with separators, or as a `list`. An integer column holds one
 * id per row: text files give such a type to short histories. Null: the column cannot hold ids.
 */
export function historyKind(type: LogicalType): 'text' | 'list' | null {
  if (type.kind === 'list') return isId(type.item) ? 'list' : null;
  return isId(type) ? 'text' : null;
}

function isId(type: LogicalType): boolean {
  return ['integer', 'string', 'enum', 'uuid'].includes(type.kind) || (type.kind === 'decimal' && type.scale === 0);
}
