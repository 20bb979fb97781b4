import type { ConfigDraft } from '../config/definition/config.ts';
import { columnNamed, idKind, itemType, type IdKind } from './columnKinds.ts';
import { negativeName } from './columnOwner.ts';
import { dataColumn, stageOfSamples, type DataColumn } from './dataColumns.ts';
import type { Facts } from './facts.ts';
import type { LogicalType } from '../table/type.ts';

/**
 * The type by which ids of a sample file compare. It is the type in the config, else the type of the log's ids, so that
 * integers in one file match digits in the other. Undefined: the type in the file.
 */
export function sampleIdType(
  column: DataColumn,
  config: ConfigDraft,
  facts: Pick<Facts, 'dataset'>,
): DataColumn['type'] | undefined {
  if (column.type || stageOfSamples(column.dataset) === null) return column.type;
  const sampleId = idOf(column, facts);
  // Both are items.
  const role = column.role === 'positive_item' ? 'item' : column.role;
  const declared = dataColumn(config, 'impressions', role);
  const loggedId = declared && idOf(declared, facts);
  if (sampleId?.type !== 'integer' || !loggedId || loggedId.kind === 'other') return undefined;
  return loggedId.kind === 'integer' ? 'int64' : 'string';
}

interface Id {
  readonly type: LogicalType['kind'];
  readonly kind: IdKind;
}

function idOf(declared: DataColumn, facts: Pick<Facts, 'dataset'>): Id | null {
  const known = facts.dataset(declared.dataset);
  if (known?.state !== 'known') return null;
  const column = columnNamed(known, declared.name) ?? columnNamed(known, negativeName(declared.name));
  if (!column) return null;
  const { kind: type } = itemType(column.type);
  return { type, kind: idKind(declared, column, known.textual) };
}
