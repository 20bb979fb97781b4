import type { Column } from '../../src/core/table/dataset.ts';
import { labelKind, type LabelKind } from '../../src/core/table/label.ts';
import { titleColumn } from '../../src/core/table/titleColumn.ts';
import type { Pages } from './pages.ts';

/** Views in which a label was seen that is neither 0 nor 1: a rating marks no row as positive. */
const graded = new WeakSet<Pages>();

/** Which columns mean something to the look of a row, by index; −1 where there is none. */
export class Meaning {
  readonly label: number;
  readonly source: number;
  /** What a person knows an item by: bold in the rows of positives. */
  readonly title: number;

  constructor(
    columns: readonly Column[],
    private readonly pages: Pages,
  ) {
    this.label = columns.findIndex((column) => column.role?.role === 'label');
    this.source = columns.findIndex((column) => column.role?.role === 'source');
    const title = titleColumn(
      columns,
      columns.flatMap(({ name, role }) => (role ? [name] : [])),
    );
    this.title = columns.findIndex(({ name }) => name === title);
  }

  /** Looks at the labels on screen, rows `first` to before `end`, before they mark anything. */
  look(first: number, end: number): this {
    for (let row = first; row < end && this.label >= 0 && !graded.has(this.pages); row++) {
      if (this.labelAt(row) === 'other') graded.add(this.pages);
    }
    return this;
  }

  isPositive(row: number): boolean {
    return this.label >= 0 && !graded.has(this.pages) && this.labelAt(row) === 'positive';
  }

  private labelAt(row: number): LabelKind {
    return labelKind(this.pages.cell(row, this.label)?.text ?? null);
  }
}
