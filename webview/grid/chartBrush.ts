import { rangeOfBins } from '../../src/core/table/binRange.ts';
import { conditionExpression } from '../../src/core/table/condition.ts';
import { printExpression } from '../../src/core/table/expression/ast.ts';
import type { Condition, Filter, View } from '../../src/core/table/filter.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { partWidths } from '../charts/bars.ts';

/** True if a part of the small chart is a range or a value to filter by. Ranks of ids and lengths are neither. */
export function isBrushable(profile: ColumnProfile | null): profile is ColumnProfile {
  return hasRange(profile) || profile?.histogram.kind === 'parts';
}

/** True if the small chart has the values from left to right. */
export function hasRange(profile: ColumnProfile | null): boolean {
  return profile?.histogram.kind === 'range' && profile.histogram.of === undefined;
}

/**
 * The condition for a part of a small chart of `width` pixels, from one pixel to another; equal pixels are a click on
 * a bar. Null if the part has no bar. `orNull`: the part also covers the bar of NULL.
 */
export function brushCondition(
  profile: ColumnProfile,
  width: number,
  from: number,
  to: number,
): (Condition & { readonly orNull?: true }) | null {
  const { histogram, name, type } = profile;
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  if (histogram.kind === 'range' && histogram.of === undefined) {
    const bins = histogram.counts.length;
    const binAt = (x: number): number => Math.max(0, Math.min(bins - 1, Math.floor((x / width) * bins)));
    const values = rangeOfBins(histogram, type, binAt(left), binAt(right));
    return values && { column: name, op: 'between', values };
  }
  if (histogram.kind !== 'parts') return null;
  const visibleParts = histogram.parts.filter(({ count }) => count > 0);
  const edges =
    profile.role?.role === 'source'
      ? partWidths(
          visibleParts.map(({ count }) => count),
          width,
        )
      : visibleParts.map((_, k) => ({ x: (k * width) / visibleParts.length, width: width / visibleParts.length }));
  const parts = visibleParts.filter((_, k) => {
    const edge = edges[k];
    return edge !== undefined && edge.x <= right && edge.x + edge.width >= left;
  });
  const values = parts.flatMap(({ value }) => (value === null ? [] : [String(value)]));
  if (parts.length === 0) return null;
  if (values.length === 0) return { column: name, op: 'is null', values: [] };
  const orNull = parts.some(({ value }) => value === null);
  return { column: name, op: values.length === 1 ? '=' : 'in', values, ...(orNull ? { orNull } : {}) };
}

/** The parts of the view that a brush changes. */
interface FilteredView {
  readonly view: View;
  setView(view: View): void;
  addCondition(condition: Condition): void;
}

/** Filters by a part of a chart of a column, if it has a bar. Places as for `brushCondition`. */
export function filterByBrush(
  model: FilteredView,
  profile: ColumnProfile,
  { width, from, to }: { readonly width: number; readonly from: number; readonly to: number },
): void {
  const condition = brushCondition(profile, width, from, to);
  if (condition?.orNull) model.setView({ ...model.view, filter: withNull(model.view.filter, condition, profile.type) });
  else if (condition) model.addCondition(condition);
}

/** A filter with the rows of a condition, or NULL, in its expression: a condition is on values or on NULL. */
export function withNull(
  { conditions, expression }: Filter,
  { column, op, values }: Condition,
  type: LogicalType,
): Filter {
  const text = [
    { column, op, values },
    { column, op: 'is null' as const, values: [] },
  ]
    .map((one) => printExpression(conditionExpression(one, type)))
    .join(' or ');
  return { conditions, expression: expression.trim() === '' ? text : `(${expression.trim()}) and (${text})` };
}
