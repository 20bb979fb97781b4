import type { Paint, Tone } from './paint.ts';
import { cellWidth, fitCells, padCells } from './terminalText.ts';

/** What stands between columns. */
export const gap = '  ';
/** Below it the values of the last column get a line of their own. */
const leastLastCells = 42;

export interface Cell {
  /** For the last column: used where none of the `variants` fits. */
  readonly text: string;
  /** Ways to say it, the fullest first, each as lines; the first that fits is taken. */
  readonly variants?: readonly (readonly string[])[];
  readonly align?: 'left' | 'right';
  readonly tone?: Tone;
}

export interface TableOptions {
  /** Cells in a line. */
  readonly width: number;
  readonly paint: Paint;
}

/**
 * Lines of equal columns below a head, each column as wide as its longest cell up to its limit, in cells. The last
 * takes what is left of the line; where its limit is Infinity and that is little, it gets lines of its own.
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
    Math.min(limits[i] ?? Infinity, Math.max(cellWidth(h.text), ...rows.map((r) => longest(r[i])))),
  );
  const before = widths.slice(0, -1).reduce((sum, w) => sum + w + gap.length, 0);
  const line = (cells: readonly Cell[], tone?: Tone): string => {
    let left = width;
    let text = '';
    for (const [i, cell] of cells.entries()) {
      const own = Math.min(widths[i] ?? 0, left);
      if (own <= 0) continue;
      const last = i === cells.length - 1;
      const fitted = fitCells(cell.text, own);
      const padded = last && cell.align !== 'right' ? fitted : padCells(fitted, own, cell.align);
      const toned = tone ?? cell.tone;
      text += (toned ? paint(toned, padded) : padded) + (last || left - own <= gap.length ? '' : gap);
      left -= own + gap.length;
    }
    return text.trimEnd();
  };
  const stacked = limits.at(-1) === Infinity && width - before < leastLastCells;
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
