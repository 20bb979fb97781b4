import type { ColumnLayout } from './batchLayout.ts';
import { fixedType } from './fixedValues.ts';
import type { IpcField, IpcType } from './schema.ts';

/** Memory of a value that has a place of its own: start, length, and an entry of DuckDB. */
const PLACED_BYTES = 16;

/** Least bytes of memory of a value of a type, without its items and its text. At least 1, for NULL or not. */
export function valueBytes(type: IpcType): number {
  return 1 + (fixedType(type)?.width ?? PLACED_BYTES) + (type.kind === 'fixed-bytes' ? type.width : 0);
}

/** Least bytes of memory that a row of a column takes, with what its type has inside. */
export function rowBytes({ type, children, dictionary }: IpcField): number {
  if (dictionary !== null) return valueBytes(dictionary.index);
  const inside = children.reduce((sum, child) => sum + rowBytes(child), 0);
  const times = type.kind === 'fixed-list' ? type.size : type.kind === 'struct' ? 1 : 0;
  return valueBytes(type) + times * inside;
}

/** Least bytes of memory that a column of a batch takes, with its items at every depth. */
export function batchBytes({ field: { type, dictionary }, length, children }: ColumnLayout): number {
  return children.reduce((sum, child) => sum + batchBytes(child), length * valueBytes(dictionary?.index ?? type));
}
