import type { Column } from '../table/dataset.ts';
import type { LogicalType } from '../table/type.ts';
import type { DataColumn } from './dataColumns.ts';
import type { DatasetFacts } from './facts.ts';

export type KnownDataset = Extract<DatasetFacts, { state: 'known' }>;

export function columnNamed(facts: KnownDataset, name: string): Column | undefined {
  return facts.columns.find((column) => column.name === name);
}

/** How ids compare: integers of every width are one kind. */
export type IdKind = 'integer' | 'string' | 'other';

/**
 * The kind of an id: from the config, else from the type in the file. Files without types (`textual`) hold strings,
 * even if they look like digits, so leading zeros and long ids are kept.
 */
export function idKind({ type }: Pick<DataColumn, 'type'>, column: Column, textual: boolean): IdKind {
  if (type) return type === 'int64' ? 'integer' : 'string';
  if (textual || column.partition) return 'string';
  return kindOf(itemType(column.type));
}

/** The type of one value; for a list, the type of its items. */
export function itemType(type: LogicalType): LogicalType {
  return type.kind === 'list' ? type.item : type;
}

function kindOf(type: LogicalType): IdKind {
  switch (type.kind) {
    case 'integer':
      return 'integer';
    case 'decimal':
      return type.scale === 0 ? 'integer' : 'other';
    case 'string':
    case 'enum':
    case 'uuid':
      return 'string';
    default:
      return 'other';
  }
}
