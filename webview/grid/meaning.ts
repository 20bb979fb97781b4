import type { Column } from '../../src/core/table/dataset.ts';
import { labelKind, type LabelKind } from '../../src/core/table/label.ts';
import { titleColumn } from '../../src/core/table/titleColumn.ts';
import type { Pages } from './pages.ts';

/** Views with a label other than 0 and 1: a rating does not mark rows as positive. */
const graded = new WeakSet<Pages>();

/** Indices of the columns that affect how a row looks; −1 if there is no such column. */
export class Meaning {
  readonly label: number;
  readonly source: number;
  /** The column with the readable item name; bold in rows of positives. */
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

  /** Checks the labels of the visible rows, from `first` up to `end`, before they mark rows. */
  checkLabels(first: number, end: number): this {
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
