import type { Dataset } from '../../src/core/table/dataset.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { InspectorState } from '../../src/protocol/inspector.ts';
import { layOut, type Layout } from './layout.ts';
import { TextMeasure, Widths } from './widths.ts';
import { ownValue } from '../../src/core/ownValue.ts';

/** Minimum pixels for the unpinned columns; on a narrow screen the pinned ones would hide them. */
const leastMovingWidth = 96;

/** Caches the column layout until something that it depends on changes. */
export class LayoutKeeper {
  layout: Layout = { lanes: [], pinnedCount: 0, pinnedWidth: 0, rowNumberWidth: 0, movingWidth: 0 };
  widths: Widths | null = null;
  private dataset: Dataset | null = null;
  /** Everything that the layout depends on, compared by identity: every change makes a new object. */
  private parts: readonly unknown[] = [];

  constructor(private readonly element: Element) {}

  /** Computes a new layout if needed. Reports whether the columns changed or only their positions. */
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
      this.widths?.widthOf(index, ownValue(state.widths, dataset.columns[index]?.name ?? '')) ?? 0;
    this.layout = layOut(dataset.columns, state, number, widthOf);
    if (this.layout.pinnedWidth > width - leastMovingWidth)
      this.layout = layOut(dataset.columns, { ...state, pinned: [] }, number, widthOf);
    return isNew ? 'new' : 'moved';
  }

  /** False if newly visible texts have changed the widths since then. */
  isCurrent(state: InspectorState, width: number): boolean {
    const parts = this.partsOf(state, width);
    return parts.length === this.parts.length && parts.every((part, k) => part === this.parts[k]);
  }

  private partsOf({ pinned, hidden, widths }: InspectorState, width: number): readonly unknown[] {
    return [this.dataset?.fingerprint, this.dataset?.rows, pinned, hidden, widths, this.widths?.version, width];
  }
}
