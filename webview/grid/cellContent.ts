import type { Column } from '../../src/core/table/dataset.ts';
import { epochText, isEpochColumn } from '../../src/core/table/epoch.ts';
import { isNested, isNumeric, type LogicalType } from '../../src/core/table/type.ts';
import { withMinus } from '../scalar.ts';
import type { LoadedCell } from './pages.ts';

/** Content of one cell. `mark` is the name of the source whose glyph comes before the text. */
export interface CellContent {
  readonly text: string;
  readonly kind: 'value' | 'null' | 'empty' | 'implied' | 'waiting' | 'unreadable';
  readonly mark: string | null;
  /** Shown after the text: the date of an integer time. */
  readonly note?: string;
}

/** All that a cell shows as text. */
export const wholeText = ({ text, note }: CellContent): string => (note === undefined ? text : `${text} ${note}`);

export const waiting: CellContent = { text: '', kind: 'waiting', mark: null };

/** Content of a cell that is formatted on its own. Floats are formatted per column instead. */
export function cellContent(column: Column, cell: LoadedCell): CellContent {
  const { text } = cell;
  if (text === null) return { text: 'null', kind: 'null', mark: null };
  if (text === '') return { text: '""', kind: 'empty', mark: null };
  const note = isEpochColumn(column) ? epochText(text) : null;
  if (note !== null) return { text: withMinus(text), kind: 'value', mark: null, note };
  if (isNumeric(column.type)) return { text: withMinus(text), kind: 'value', mark: null };
  // A positive has no source of negatives, so it has no glyph.
  if (column.role?.role === 'source' && text === 'positive') return { text, kind: 'implied', mark: null };
  return { text: oneLine(text), kind: 'value', mark: column.role?.role === 'source' ? text : null };
}

/** Shows line ends and tabs as symbols, because a cell is one line. Cuts text beyond the maximum cell width. */
function oneLine(text: string): string {
  return text
    .slice(0, 500)
    .replace(/\r\n|[\r\n\u2028\u2029]/g, '↵')
    .replace(/\t/g, '⇥')
    .replace(/[\u0000-\u001f]/g, '␀');
}

/** True for values that must not be cut: the column is at least as wide as the longest value. */
export function isExact(type: LogicalType): boolean {
  return isNumeric(type) || ['boolean', 'date', 'time', 'timestamp', 'uuid', 'interval'].includes(type.kind);
}

/** True for values in the editor's monospace font: ids, numbers, times, code. */
export function isMono(type: LogicalType): boolean {
  return type.kind !== 'string' && type.kind !== 'enum' && type.kind !== 'boolean';
}

/** Initial width of a column in pixels, before any value is known. */
export function startWidth(type: LogicalType): number {
  if (isNested(type)) return 176;
  switch (type.kind) {
    case 'boolean':
      return 64;
    case 'integer':
      return type.bits === 64 ? 96 : 56;
    case 'float':
      return 80;
    case 'decimal':
      return 96;
    case 'date':
      return 92;
    case 'timestamp':
      return 160;
    case 'enum':
      return 112;
    case 'uuid':
      return 280;
    default:
      return 152;
  }
}
