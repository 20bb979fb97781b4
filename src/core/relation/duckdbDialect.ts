import { quoteIdentifier, quoteLiteral } from '../viewSql/duckdbQuotes.ts';
import type { Dialect } from './dialect.ts';

const types: Readonly<Record<string, string>> = { STRING: 'VARCHAR', INT: 'INTEGER', TIMESTAMP_NTZ: 'TIMESTAMP' };

/** Renders relations for DuckDB. It works on one machine, so hints about the distribution of rows say nothing. */
export const duckdbDialect: Dialect = {
  identifier: quoteIdentifier,
  text: quoteLiteral,
  integer: String,
  double: (value) => `CAST('${value}' AS DOUBLE)`,
  type: (type) => (typeof type === 'string' ? (types[type] ?? type) : `DECIMAL(${type.precision}, ${type.scale})`),
  functions: {},
  computed: (query) => query,
  sortedStructList: (fields, where) =>
    `list_sort(list({${fields.map(([name, value]) => `${quoteIdentifier(name)}: ${value}`).join(', ')}})${where === null ? '' : ` FILTER (WHERE ${where})`})`,
  elementsWhere: (list, as, condition) => `list_filter(${list}, lambda ${as}: ${condition})`,
  elementValues: (list, as, value) => `list_transform(${list}, lambda ${as}: ${value})`,
  orderKeywords: { all: 'ORDER BY', task: 'ORDER BY' },
  rangePartitionHint: () => '',
  broadcastHint: () => '',
  repartitionHint: () => '',
  distributeBy: () => '',
};
