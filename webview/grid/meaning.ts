import type { Column } from '../../src/core/table/dataset.ts';
import type { Pages } from './pages.ts';

/** Which columns mean something to the look of a row, by index; −1 where there is none. */
export class Meaning {
  readonly label: number;
  readonly source: number;
  /** What a person knows an item by: bold in the rows of positives. */
  readonly title: number;

  constructor(columns: readonly Column[], private readonly pages: Pages) {
    this.label = columns.findIndex((column) => column.role?.role === 'label');
    this.source = columns.findIndex((column) => column.role?.role === 'source');
    const named = columns.findIndex((column) => column.type.kind === 'string' && /(^|_)(title|name)$|标题|名称/i.test(column.name));
    this.title = named >= 0 ? named : columns.findIndex((column) => column.type.kind === 'string' && !column.role);
  }

  isPositive(row: number): boolean {
    if (this.label < 0) return false;
    const text = this.pages.cell(row, this.label)?.text;
    return text === 'true' || Number(text) > 0;
  }
}
