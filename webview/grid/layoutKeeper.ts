import type { Dataset } from '../../src/core/table/dataset.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { InspectorState } from '../../src/protocol/inspector.ts';
import { layOut, type Layout } from './layout.ts';
import { TextMeasure, Widths } from './widths.ts';
import { ownValue } from '../../src/core/ownValue.ts';

/** Pixels that the moving columns keep in any case: on a narrow screen pinned ones would hide them. */
const leastRoom = 96;

/** Keeps the layout of the columns as long as nothing that it depends on has changed. */
export class LayoutKeeper {
  layout: Layout = { lanes: [], pinnedCount: 0, pinnedWidth: 0, rowNumberWidth: 0, movingWidth: 0 };
  widths: Widths | null = null;
  private dataset: Dataset | null = null;
  /** All that the layout was made of; compared by identity, which changes with every change. */
  private parts: readonly unknown[] = [];

  constructor(private readonly element: Element) {}

  /** Lays out anew where needed. Says whether the columns are others, or only lie otherwise. */
  update(dataset: Dataset, state: InspectorState, rows: number, width: number): 'same' | 'moved' | 'new' {
    const isNew = this.dataset?.columns !== dataset.columns;
    this.dataset = dataset;
    const measure = new TextMeasure(this.element);
    if (isNew) this.widths = new Widths(dataset.columns, measure);
    else if (this.isCurrent(state, width)) return 'same';
    this.parts = this.partsOf(state, width);
    const number = Math.max(
      56,
      17 + Math.ceil(measure.width(formatCount(dataset.rows ?? Math.max(rows, 99_999)), 'bold')),
    );
    const widthOf = (index: number): number =>
      this.widths?.of(index, ownValue(state.widths, dataset.columns[index]?.name ?? '')) ?? 0;
    this.layout = layOut(dataset.columns, state, number, widthOf);
    if (this.layout.pinnedWidth > width - leastRoom)
      this.layout = layOut(dataset.columns, { ...state, pinned: [] }, number, widthOf);
    return isNew ? 'new' : 'moved';
  }

  /** False where what came on screen since has changed the widths. */
  isCurrent(state: InspectorState, width: number): boolean {
    const parts = this.partsOf(state, width);
    return parts.length === this.parts.length && parts.every((part, k) => part === this.parts[k]);
  }

  private partsOf({ pinned, hidden, widths }: InspectorState, width: number): readonly unknown[] {
    return [this.dataset?.fingerprint, this.dataset?.rows, pinned, hidden, widths, this.widths?.version, width];
  }
}
