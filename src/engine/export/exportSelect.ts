import type { DuckDBType } from '@duckdb/node-api';
import { formulaPatterns, isFormula } from '../../core/report/spreadsheetText.ts';
import type { SampleFormat } from '../../core/table/sampleName.ts';
import { isNumeric } from '../../core/table/type.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { fileSql } from '../write/fileSql.ts';
import { exactText } from '../sql/cellText.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';

/** A column of an export. */
export interface ExportedColumn extends SourceColumn {
  readonly duckType: DuckDBType;
}

/** SELECT items of an export. A CSV file has the exact text of each value, as the grid shows it. */
export function exportItems(columns: readonly ExportedColumn[], format: SampleFormat, guard: boolean): string[] {
  return columns.map((column) => {
    const name = quoteIdentifier(column.name);
    if (format !== 'csv') return `${fileSql(format)(name, column.duckType, false)} AS ${name}`;
    const text = exactText(name, column.type);
    if (!guard) return `${text} AS ${name}`;
    const value = canBeFormula(column) ? `CASE WHEN ${isFormulaSql(text)} THEN '''' || ${text} ELSE ${text} END` : text;
    return `${value} AS ${quoteIdentifier(guardedName(column.name))}`;
  });
}

/** SQL of the number of values of a row that `exportItems` guards; null if no column can hold a formula. */
export function guardedSql(columns: readonly ExportedColumn[]): string | null {
  const each = columns
    .filter(canBeFormula)
    .map(
      (column) => `CAST(coalesce(${isFormulaSql(exactText(quoteIdentifier(column.name), column.type))}, false) AS INT)`,
    );
  return each.length === 0 ? null : each.join(' + ');
}

function guardedName(name: string): string {
  return isFormula(name) ? `'${name}` : name;
}

/** A number, a date or a boolean is a value in every spreadsheet. A list begins with a bracket, a struct with a brace. */
function canBeFormula({ type }: SourceColumn): boolean {
  return !isNumeric(type) && ['string', 'json', 'enum', 'other', 'interval'].includes(type.kind);
}

function isFormulaSql(text: string): string {
  const matches = (pattern: string): string => `regexp_matches(${text}, ${quoteLiteral(pattern)})`;
  return `(${matches(formulaPatterns.formula)} AND NOT ${matches(formulaPatterns.number)})`;
}
