import { viewKey, type Condition, type Filter, type View } from '../../src/core/table/filter.ts';
import type { Dataset } from '../../src/core/table/dataset.ts';
import type { Timeline } from '../../src/core/table/timeline.ts';
import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import { isCancelled } from '../channel.ts';

/** Conditions on the time column that the brush sets. */
const brushed = ['>=', '<'] as const;

const isBrush = (column: string, { column: of, op }: Condition): boolean =>
  of === column && brushed.some((one) => one === op);

/** A filter without the brush on a time column. */
export function withoutBrush({ conditions, expression }: Filter, column: string): Filter {
  return { expression, conditions: conditions.filter((condition) => !isBrush(column, condition)) };
}

/** A filter with a brush from `from` up to, not including, `to`; null: without a brush. */
export function withBrush(
  filter: Filter,
  column: string,
  brush: { readonly from: string; readonly to: string } | null,
): Filter {
  const { conditions, expression } = withoutBrush(filter, column);
  if (brush === null) return { conditions, expression };
  const ends: Condition[] = [
    { column, op: '>=', values: [brush.from] },
    { column, op: '<', values: [brush.to] },
  ];
  return { expression, conditions: [...conditions, ...ends] };
}

/** The ends of the brush in a filter, as text; null for an end without a condition. */
export function brushOf({ conditions }: Filter, column: string): { from: string | null; to: string | null } {
  const value = (op: string): string | null =>
    conditions.find((condition) => condition.column === column && condition.op === op)?.values[0] ?? null;
  return { from: value('>='), to: value('<') };
}

/** The time line of the current filter without its brush. Asked for again only if the filter or the columns change. */
export class TimelineRun {
  timeline: Timeline | null = null;
  failure: Failure | null = null;
  /** True until the answer for the current filter arrives; until then, `timeline` belongs to the previous filter. */
  busy = false;
  /** True if the user stopped the request. */
  cancelled = false;
  private key = '';
  private abort = new AbortController();

  constructor(
    private readonly load: (view: View, signal: AbortSignal) => Promise<Timeline>,
    private readonly changed: () => void,
  ) {}

  /** Requests the counts of a filter if they are missing. Roles decide which rows are counted, by which time column. */
  want(filter: Filter, { fingerprint, columns }: Pick<Dataset, 'fingerprint' | 'columns'>): void {
    const view: View = { filter, sort: [] };
    const roles = columns.map(({ name, role }) => [name, role?.role ?? null]);
    const key = JSON.stringify([fingerprint, viewKey(view), roles]);
    if (key === this.key) return;
    this.key = key;
    this.busy = true;
    this.cancelled = false;
    this.abort.abort();
    this.abort = new AbortController();
    void this.ask(view, this.abort.signal);
  }

  retry(): void {
    this.key = '';
    this.failure = null;
    this.cancelled = false;
    this.changed();
  }

  close(): void {
    this.key = '';
    this.abort.abort();
  }

  private async ask(view: View, signal: AbortSignal): Promise<void> {
    try {
      const timeline = await this.load(view, signal);
      if (signal.aborted) return;
      this.timeline = timeline;
      this.failure = null;
    } catch (error) {
      if (signal.aborted) return;
      if (isCancelled(error)) this.cancelled = true;
      else this.failure = failureOf(error);
    }
    this.busy = false;
    this.changed();
  }
}
