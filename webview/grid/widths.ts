import type { Column } from '../../src/core/table/dataset.ts';
import { isExact, isMono, startWidth } from './cellContent.ts';

const padding = 17;
const narrowest = 40;
const widest = 480;
export const widestFit = 720;

const isText = (type: Column['type']): boolean => type.kind === 'string' || type.kind === 'enum';

/** Measures text in the fonts of the page. */
export class TextMeasure {
  private readonly context = document.createElement('canvas').getContext('2d');
  private readonly fonts: { readonly ui: string; readonly bold: string; readonly mono: string };

  constructor(element: Element) {
    const style = getComputedStyle(element);
    const ui = style.getPropertyValue('--vscode-font-family') || 'sans-serif';
    const mono = style.getPropertyValue('--vscode-editor-font-family') || 'monospace';
    this.fonts = { ui: `12px ${ui}`, bold: `600 12px ${ui}`, mono: `12px ${mono}` };
  }

  width(text: string, font: 'ui' | 'bold' | 'mono'): number {
    if (!this.context) return text.length * 8;
    this.context.font = this.fonts[font];
    // The page sets all digits as wide as the widest digit; a canvas does not know that.
    return this.context.measureText(text.replace(/\d/g, '0')).width;
  }
}

/**
 * Column widths of one data set. Numbers, ids and times are never cut: their column grows with the longest value seen.
 * Texts get their usual width, or less if all values seen are shorter.
 */
export class Widths {
  private readonly seen = new Map<number, number>();
  private readonly texts = new Map<number, number>();
  private readonly starts = new Map<number, number>();
  /** Counts changes, so that a layout can be cached until the next change. */
  version = 0;

  constructor(
    private readonly columns: readonly Column[],
    private readonly measure: TextMeasure,
  ) {}

  widthOf(index: number, chosenWidth: number | undefined): number {
    return Math.max(chosenWidth ?? this.usual(index), this.least(index));
  }

  least(index: number): number {
    return Math.max(narrowest, this.seen.get(index) ?? 0);
  }

  /** Records a visible text of a column. */
  see(index: number, text: string): void {
    const column = this.columns[index];
    if (!column) return;
    const longest = isExact(column.type) ? this.seen : isText(column.type) ? this.texts : null;
    if (!longest) return;
    const width = this.textWidth(column, text);
    if (width <= (longest.get(index) ?? 0)) return;
    longest.set(index, width);
    this.version++;
  }

  /** The width at which none of these texts is cut. */
  fit(index: number, texts: readonly string[]): number {
    const column = this.columns[index];
    if (!column) return narrowest;
    return Math.min(widestFit, Math.max(this.heading(column), ...texts.map((text) => this.textWidth(column, text))));
  }

  private textWidth(column: Column, text: string): number {
    const mark = column.role?.role === 'source' || column.role?.role === 'label' ? 18 : 0;
    return Math.ceil(this.measure.width(text, isMono(column.type) ? 'mono' : 'ui')) + padding + mark;
  }

  /** The width of a column that the user has not resized. */
  private usual(index: number): number {
    const start = this.start(index);
    const longest = this.texts.get(index);
    const column = this.columns[index];
    return longest === undefined || !column ? start : Math.min(start, Math.max(longest, this.heading(column)));
  }

  private start(index: number): number {
    const cached = this.starts.get(index);
    if (cached !== undefined) return cached;
    const column = this.columns[index];
    if (!column) return narrowest;
    const width = Math.min(widest, Math.max(startWidth(column.type), this.heading(column)));
    this.starts.set(index, width);
    return width;
  }

  /** Width of the name, the role icon and one icon for sorting or pinning. */
  private heading(column: Column): number {
    return Math.ceil(this.measure.width(column.name, 'bold')) + padding + 18 + (column.role ? 18 : 0);
  }
}
