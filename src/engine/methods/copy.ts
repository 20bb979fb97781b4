import { guardedText, isFormula, spreadsheetField } from '../../core/report/spreadsheetText.ts';
import { maxCopiedCells, tooManyCells } from '../../core/table/copyLimit.ts';
import { isNested, isNumeric, type LogicalType } from '../../core/table/type.ts';
import { selectionsOf } from '../page/fetch.ts';
import { exactText } from '../sql/cellText.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Method } from './method.ts';
import { readRows } from './page.ts';

const BLOCK_ROWS = 10_000;

/**
 * Rows as text for the clipboard. Every value is complete and exact. Except in JSON, formulas are escaped and counted.
 */
export const copy: Method<'copy'> = async (
  datasets,
  { ref, view, first, count, columns: indices, headers, format },
  context,
) => {
  if (count * indices.length > maxCopiedCells) throw tooManyCells(count * indices.length);
  const dataset = await datasets.get(ref, context);
  const columns = dataset.readableColumns(indices);
  const selections = selectionsOf(columns, (c) => [exactText(quoteIdentifier(c.name), c.type)]);
  const lines: string[] = [];
  let copied = 0;
  let guarded = 0;
  const field = (text: string): string => {
    if (isFormula(text)) guarded++;
    return format === 'value' ? guardedText(text) : spreadsheetField(text, format === 'csv' ? ',' : '\t');
  };
  const delimiter = format === 'csv' ? ',' : '\t';
  if (headers && format !== 'json') lines.push(columns.map((c) => field(c.name)).join(delimiter));
  for (let at = first; at < first + count; at += BLOCK_ROWS) {
    const { rows } = await readRows(
      dataset,
      { ref, view, first: at, count: Math.min(BLOCK_ROWS, first + count - at) },
      selections,
      context,
    );
    for (const row of rows) {
      const values = columns.map((_, k) => {
        const v = row[k + 1];
        return v === null || v === undefined ? null : String(v);
      });
      lines.push(
        format === 'json'
          ? `{${columns.map((c, k) => `${JSON.stringify(c.name)}: ${jsonValue(values[k] ?? null, c.type)}`).join(', ')}}`
          : values.map((v, k) => cell(v, columns[k]?.type, format, field)).join(delimiter),
      );
    }
    copied += rows.length;
    if (rows.length === 0) break;
  }
  return { text: format === 'json' ? `[${lines.join(',\n')}]` : lines.join('\n'), rows: copied, guarded };
};

/** NULL is an empty field. In CSV an empty text is quoted, so it differs from NULL. Numbers stay exact. */
function cell(
  value: string | null,
  type: LogicalType | undefined,
  format: 'csv' | 'tsv' | 'value',
  field: (text: string) => string,
): string {
  if (value === null) return '';
  if (value === '') return format === 'csv' ? '""' : '';
  return type && isNumeric(type) ? value : field(value);
}

/** Numbers of any size stay unchanged: JSON does not limit the number of digits. */
function jsonValue(text: string | null, type: LogicalType): string {
  if (text === null) return 'null';
  if (type.kind === 'boolean' || isNested(type)) return text;
  if (isNumeric(type) && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text;
  return JSON.stringify(text);
}
