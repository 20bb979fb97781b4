import type { LogicalType } from './type.ts';

/**
 * How a column holds past items: as one text that a separator splits, or as a list. A column of integers has at most one
 * id a row; text files give such a column a type. Null: it cannot hold ids.
 */
export function historyKind(type: LogicalType): 'text' | 'list' | null {
  if (type.kind === 'list') return isId(type.item) ? 'list' : null;
  return isId(type) ? 'text' : null;
}

function isId(type: LogicalType): boolean {
  return ['integer', 'string', 'enum', 'uuid'].includes(type.kind) || (type.kind === 'decimal' && type.scale === 0);
}
