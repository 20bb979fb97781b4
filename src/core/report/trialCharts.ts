import { printable } from '../message/printable.ts';
import { valueAt } from '../valueAt.ts';
import { pairOf } from '../trial/compareArms.ts';
import { meanOf } from '../trial/gates.ts';
import type { TrialDifference, TrialReport } from '../trial/report.ts';
import type { TrialMetricId } from '../trial/trialMetrics.ts';
import { roundTicks } from './roundTicks.ts';

/** A value with its interval. Without an interval, `low` and `high` equal the value. */
export interface Spread {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A linear axis with positions from 0 to 1. */
export interface TrialAxis {
  readonly ticks: readonly number[];
  readonly positionOf: (value: number) => number;
}

/** The fewest digits after the point, at least `least`, that show each tick exactly: 0.25 must not become 0.3. */
export function tickDigits({ ticks }: Pick<TrialAxis, 'ticks'>, least: number): number {
  let digits = least;
  while (digits < 8 && ticks.some((tick) => Math.abs(tick - Number(tick.toFixed(digits))) > 1e-9)) digits++;
  return digits;
}

/** A config in the plot of NDCG against tail recall. `isOnFront`: no other config is higher in both. */
export interface ParetoPoint {
  readonly arm: number;
  readonly x: Spread;
  readonly y: Spread;
  readonly isOnFront: boolean;
}

export interface ParetoPlot {
  readonly x: TrialAxis;
  readonly y: TrialAxis;
  readonly points: readonly ParetoPoint[];
  /** The configs that no other config dominates, from left to right. */
  readonly front: readonly ParetoPoint[];
}

export const thirds = ['recall_head', 'recall_middle', 'recall_tail'] as const satisfies readonly TrialMetricId[];

/** Recall differences of one config to the reference, by popularity third, in percentage points. */
export interface ThirdsPlot {
  readonly y: TrialAxis;
  readonly lines: readonly { readonly arm: number; readonly points: readonly (Spread | null)[] }[];
}

export const differenceOf = (
  report: TrialReport,
  arm: number,
  reference: number,
  metric: TrialMetricId,
): TrialDifference | null =>
  arm === reference
    ? null
    : (pairOf(report, arm, reference).differences.find(({ metric: id }) => id === metric) ?? null);

/** True if the verdict is a clear difference. A gate can withhold the verdict that the interval alone would give. */
export const isClear = ({ word }: TrialDifference): boolean => word === 'higher' || word === 'lower';

/**
 * Half the width of the common scale of a metric: the largest distance of an interval end from 0. 1 without intervals.
 */
export function scaleOf(report: TrialReport, reference: number, metric: TrialMetricId): number {
  const ends = report.arms.flatMap((_, arm) => {
    const { low, high, difference } = differenceOf(report, arm, reference, metric) ?? {};
    return [low, high, difference].map((value) => Math.abs(value ?? 0));
  });
  return Math.max(0, ...ends) || 1;
}

/** NDCG against tail recall, with intervals of the difference to the reference. Null if a config has no value. */
export function paretoPlot(report: TrialReport, reference: number): ParetoPlot | null {
  const placed = report.arms.flatMap((_, arm) => {
    const [x, y] = [spreadOf(report, arm, reference, 'ndcg'), spreadOf(report, arm, reference, 'recall_tail')];
    return x && y ? [{ arm, x, y }] : [];
  });
  if (placed.length < 2) return null;
  const points = placed.map((entry) => ({
    ...entry,
    isOnFront: !placed.some(
      ({ x, y }) =>
        x.value >= entry.x.value && y.value >= entry.y.value && (x.value > entry.x.value || y.value > entry.y.value),
    ),
  }));
  return {
    x: axisOf(points.map(({ x }) => x)),
    y: axisOf(points.map(({ y }) => y)),
    points,
    front: points.filter(({ isOnFront }) => isOnFront).sort((a, b) => a.x.value - b.x.value),
  };
}

/** Recall by popularity third, compared with the reference. Null if it was not measured, or with a single config. */
export function thirdsPlot(report: TrialReport, reference: number): ThirdsPlot | null {
  const lines = report.arms.map((_, arm) => ({
    arm,
    points: thirds.map((third): Spread | null => {
      if (arm === reference) return { value: 0, low: 0, high: 0 };
      const { difference = null, low, high } = differenceOf(report, arm, reference, third) ?? {};
      if (difference === null) return null;
      return { value: difference * 100, low: (low ?? difference) * 100, high: (high ?? difference) * 100 };
    }),
  }));
  const others = lines
    .filter(({ arm }) => arm !== reference)
    .flatMap(({ points }) => points.filter((point) => point !== null));
  if (others.length === 0) return null;
  return { y: axisOf([...others, { value: 0, low: 0, high: 0 }]), lines };
}

/** Mean loss over the seeds by epoch, for each config; configs with fewer epochs end earlier. */
export function lossLines({ arms }: TrialReport): {
  readonly x: readonly number[];
  readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
} {
  const epochs = Math.max(1, ...arms.flatMap(({ loss }) => loss.map((run) => run.length)));
  const x = Array.from({ length: epochs }, (_, k) => k + 1);
  return {
    x,
    lines: arms.map(({ name, loss }) => ({
      label: printable(name),
      values: x.map((epoch) => {
        const values = loss.map((run) => run[epoch - 1]).filter((value) => value !== undefined);
        return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
      }),
    })),
  };
}

function spreadOf(report: TrialReport, arm: number, reference: number, metric: TrialMetricId): Spread | null {
  const value = meanOf(valueAt(report.values, arm), metric);
  if (value === null) return null;
  const base = meanOf(valueAt(report.values, reference), metric) ?? value;
  const { low = null, high = null } = differenceOf(report, arm, reference, metric) ?? {};
  if (low === null || high === null) return { value, low: value, high: value };
  return { value, low: base + low, high: base + high };
}

/** Round ticks around all intervals. */
function axisOf(spreads: readonly Spread[]): TrialAxis {
  const [min, max] = [Math.min(...spreads.map(({ low }) => low)), Math.max(...spreads.map(({ high }) => high))];
  const space = (max - min) * 0.08 || Math.abs(max) * 0.1 || 1;
  const [low, high] = [min - space, max + space];
  return { ticks: roundTicks(low, high, 4), positionOf: (value) => (value - low) / (high - low) };
}
