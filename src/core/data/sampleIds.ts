import type { ConfigDraft } from '../config/definition/config.ts';
import { columnNamed, idKind, itemType, type IdKind } from './columnKinds.ts';
import { negativeName } from './columnOwner.ts';
import { dataColumn, stageOfSamples, type DataColumn } from './dataColumns.ts';
import type { Facts } from './facts.ts';
import type { LogicalType } from '../table/type.ts';

/**
 * The type by which the ids of a sample file compare: the one of the config, else like those of the log, so that
 * integers in one file and their digits in the other need no preparation. Undefined: by their own type.
 */
export function sampleIdType(
  named: DataColumn,
  config: ConfigDraft,
  facts: Pick<Facts, 'dataset'>,
): DataColumn['type'] | undefined {
  if (named.type || stageOfSamples(named.dataset) === null) return named.type;
  const own = idOf(named, facts);
  // Both name items.
  const role = named.role === 'positive_item' ? 'item' : named.role;
  const declared = dataColumn(config, 'impressions', role);
  const log = declared && idOf(declared, facts);
  if (own?.type !== 'integer' || !log || log.kind === 'other') return undefined;
  return log.kind === 'integer' ? 'int64' : 'string';
}

interface Id {
  readonly type: LogicalType['kind'];
  readonly kind: IdKind;
}

function idOf(named: DataColumn, facts: Pick<Facts, 'dataset'>): Id | null {
  const known = facts.dataset(named.dataset);
  if (known?.state !== 'known') return null;
  const column = columnNamed(known, named.name) ?? columnNamed(known, negativeName(named.name));
  if (!column) return null;
  const { kind: type } = itemType(column.type);
  return { type, kind: idKind(named, column, known.textual) };
}
