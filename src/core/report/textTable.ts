import { valueAt } from '../valueAt.ts';
import type { Paint, Tone } from './paint.ts';
import { cellWidth, fitCells, padCells } from './cells.ts';

/** Separator between columns. */
export const gap = '  ';
/** If fewer cells are left, the values of the last column get their own line. */
const MIN_LAST_CELLS = 42;

export interface Cell {
  /** For the last column: the text if none of the `variants` fits. */
  readonly text: string;
  /** Alternatives for the last column, the longest first, each as lines. The first one that fits is used. */
  readonly variants?: readonly (readonly string[])[];
  readonly align?: 'left' | 'right';
  readonly tone?: Tone;
}

export interface TableOptions {
  /** Terminal cells per line. */
  readonly width: number;
  readonly paint: Paint;
}

/**
 * A table with aligned columns. Each column is as wide as its longest cell, up to its limit in cells. The last column
 * takes the remaining line; if that is too small and its limit is Infinity, it gets separate lines.
 */
export function textTable(
  head: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  limits: readonly number[],
  { width, paint }: TableOptions,
): string[] {
  const longest = (cell: Cell | undefined): number =>
    Math.max(cellWidth(cell?.text ?? ''), ...(cell?.variants ?? []).flat().map(cellWidth));
  const widths = head.map((h, i) =>
    Math.min(valueAt(limits, i), Math.max(cellWidth(h.text), ...rows.map((r) => longest(r[i])))),
  );
  const before = widths.slice(0, -1).reduce((sum, w) => sum + w + gap.length, 0);
  const line = (cells: readonly Cell[], tone?: Tone): string => {
    let remaining = width;
    let text = '';
    for (const [i, cell] of cells.entries()) {
      const columnWidth = Math.min(valueAt(widths, i), remaining);
      if (columnWidth <= 0) continue;
      const last = i === cells.length - 1;
      const fitted = fitCells(cell.text, columnWidth);
      const padded = last && cell.align !== 'right' ? fitted : padCells(fitted, columnWidth, cell.align);
      const toned = tone ?? cell.tone;
      text += (toned ? paint(toned, padded) : padded) + (last || remaining - columnWidth <= gap.length ? '' : gap);
      remaining -= columnWidth + gap.length;
    }
    return text.trimEnd();
  };
  const stacked = limits.at(-1) === Infinity && width - before < MIN_LAST_CELLS;
  const indent = stacked ? 2 * gap.length : before;
  const lines = (cells: readonly Cell[]): string[] => {
    const last = cells.at(-1);
    const fits = last?.variants?.find((v) => v.every((text) => cellWidth(text) <= width - indent)) ?? [
      last?.text ?? '',
    ];
    const [first = '', ...more] = stacked ? ['', ...fits.filter((text) => text !== '')] : fits;
    return [
      line([...cells.slice(0, -1), { ...last, text: first }]),
      ...more.map((text) => ' '.repeat(indent) + fitCells(text, width - indent)),
    ];
  };
  return [line(stacked ? head.slice(0, -1) : head, 'faint'), ...rows.flatMap(lines)];
}
