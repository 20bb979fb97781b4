import type { SampleLayout } from '../../core/schema/sampleLayout.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { Work } from '../database/connections.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { OpenTable, Tables } from './tables.ts';

/** The elements of a list, by the structure that DuckDB finds in all arrays of a column. Other elements stay JSON. */
const elements: Readonly<Record<string, Pick<SourceColumn, 'type' | 'sqlType'>>> = {
  '["BOOLEAN"]': { type: { kind: 'boolean' }, sqlType: 'BOOLEAN' },
  '["BIGINT"]': { type: { kind: 'integer', bits: 64, signed: true }, sqlType: 'BIGINT' },
  '["UBIGINT"]': { type: { kind: 'integer', bits: 64, signed: false }, sqlType: 'UBIGINT' },
  '["DOUBLE"]': { type: { kind: 'float', bits: 64 }, sqlType: 'DOUBLE' },
  '["VARCHAR"]': { type: { kind: 'string' }, sqlType: 'VARCHAR' },
  // No list has an element.
  '["NULL"]': { type: { kind: 'string' }, sqlType: 'VARCHAR' },
};

/** Reads the arrays of samples in JSON Lines as lists, as in other formats. Files in the layout long have none. */
export async function readJsonLists(
  tables: Tables,
  samples: readonly { readonly ref: DatasetRef; readonly layout: SampleLayout | null }[],
  work: Work,
): Promise<void> {
  for (const { ref, layout } of samples) {
    const table = tables.table(ref);
    const json = table.columns.filter(({ type }) => type.kind === 'json');
    if (layout === 'long' || json.length === 0) continue;
    const structures = json.map(({ name }) => `json_group_structure(CAST(${quoteIdentifier(name)} AS JSON))`);
    const [found = []] = await tables.rows(`SELECT ${structures.join(', ')} FROM ${table.relation()}`, work);
    const lists = new Map(
      json.flatMap((column, k) => {
        const element = elements[String(found[k])];
        return element ? [[column.name, listOf(column, element)] as const] : [];
      }),
    );
    if (lists.size > 0) tables.replace(ref, withLists(table, lists));
  }
}

function listOf(
  column: SourceColumn,
  { type, sqlType }: { readonly type: LogicalType; readonly sqlType: string },
): SourceColumn {
  return { ...column, type: { kind: 'list', item: type }, sqlType: `${sqlType}[]` };
}

function withLists(table: OpenTable, lists: ReadonlyMap<string, SourceColumn>): OpenTable {
  const values = [...lists.values()].map(
    ({ name, sqlType }) => `CAST(CAST(${quoteIdentifier(name)} AS JSON) AS ${sqlType}) AS ${quoteIdentifier(name)}`,
  );
  return {
    ...table,
    columns: table.columns.map((column) => lists.get(column.name) ?? column),
    relation: (days) => `(SELECT * REPLACE (${values.join(', ')}) FROM ${table.relation(days)})`,
  };
}
