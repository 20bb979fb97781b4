import { stepColumnName, type Sequence, type StepCopy } from '../../core/data/sequences.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { stepCopies } from './stepCopies.ts';
import { stepOrder, stepsSql, type StepTable } from './stepsSql.ts';

/** The steps of all users with the attributes of their items. */
export interface StepRows {
  /** SQL of the rows, as a FROM item. */
  readonly sql: string;
  /** SQL of the order of a user's steps. */
  readonly order: string;
  /** The column of the rows that a column of the sequence copies. */
  readonly columnOf: (column: Sequence['columns'][number]) => string;
}

/** @throws FailureError if a copied column is missing or has several sources */
export function stepRows(sampled: SampledTables, sequence: Sequence, tables: readonly StepTable[]): StepRows {
  const copies = stepCopies(sampled, sequence, tables);
  const columnsFrom = (source: StepCopy['from']): string[] => [
    ...new Set(copies.filter(({ from }) => from === source).map(({ column }) => column)),
  ];
  const [ofRow, ofItem] = [columnsFrom('impressions'), columnsFrom('items')];
  const attributes = ofItem.map(
    (name) => `${quoteIdentifier(carriedColumn(name))} AS ${quoteIdentifier(attributeOf(name))}`,
  );
  const steps = stepsSql(sampled, sequence, tables, ofRow);
  return {
    sql:
      attributes.length === 0
        ? steps
        : `(SELECT s.*, c.* FROM ${steps} s LEFT JOIN (SELECT item AS "item of attributes", ${attributes.join(', ')} FROM ${sampled.corpus({ carried: ofItem })}) c ON "item of attributes" = item)`,
    order: stepOrder(ofRow),
    columnOf: (column) => {
      if (typeof column === 'string') return column;
      const isAttribute = copies.some(({ name, from }) => name === stepColumnName(column) && from === 'items');
      return isAttribute ? attributeOf(column.column) : carriedColumn(column.column);
    },
  };
}

/** Column of the rows with an attribute of the item. The row of a step may have a column of the same name. */
const attributeOf = (column: string): string => `attribute ${column}`;
