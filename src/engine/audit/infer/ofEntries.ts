import { quoteLiteral } from '../../sql/quote.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { entryColumn } from '../phases/mix.ts';

/** SQL of whether a row of the sample is a negative of one of the entries. */
export function ofEntries(world: AuditWorld, entries: readonly string[], alias: string): string {
  const column = entryColumn(world);
  return column === null || entries.length === 0
    ? 'false'
    : `(${alias}.label = false AND ${alias}.${column} IN (${entries.map(quoteLiteral).join(', ')}))`;
}
