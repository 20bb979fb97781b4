import type { Message } from '../message/message.ts';

/**
 * Unit of a value. `share`: from 0 to 1. `ratio`: a quotient that may exceed 1. `bits` and `nats`: information, to base
 * 2 and e. `count`: a whole number, exact up to 2^53.
 */
export type Unit = 'count' | 'share' | 'ratio' | 'bits' | 'nats' | 'number' | 'text';

/** A value of a report: a number, an exact text (ids, times), or null if it is not defined. */
export type Value = number | string | null;

/** One figure of a metric. `low` and `high`: bounds of its 95 % interval. */
export interface Figure {
  /** Stable name, for JSON. */
  readonly id: string;
  readonly label: Message;
  readonly unit: Unit;
  readonly value: Value;
  readonly low?: number;
  readonly high?: number;
}

export interface TableColumn {
  readonly id: string;
  readonly label: Message;
  readonly unit: Unit;
  /** For a column of stable names: the texts shown for them. */
  readonly texts?: Readonly<Record<string, Message>>;
}

/**
 * A table of a metric. `curve`: rows are ordered by the first column, and the other columns are lines of a chart.
 * `isForCharts`: too long to read, so only JSON and the charts of the inspector contain it.
 */
export interface MetricTable {
  readonly id: string;
  readonly shape: 'list' | 'curve';
  readonly isForCharts?: true;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Value[])[];
}

/** Result of a metric. `notes`: what the reader must know to understand the figures. */
export interface Measured {
  readonly figures: readonly Figure[];
  readonly tables: readonly MetricTable[];
  readonly notes: readonly Message[];
}

/**
 * One metric of the audit: a file in `metrics/` and a line in `metrics.ts`. `measure` is a pure function of counts,
 * which a phase of the engine provides.
 */
export interface Metric<Counts = never> {
  /** Stable name, for JSON and for the section of docs/audit.md. */
  readonly id: string;
  readonly title: Message;
  measure(counts: Counts): Measured;
}

/** A measured metric, or the reason why it could not be measured. */
export type MetricOutcome = { readonly metric: string; readonly title: Message } & (
  | ({ readonly state: 'measured' } & Measured)
  | { readonly state: 'not-run'; readonly because: Message }
);

/** Infers the type of the counts. */
export function defineMetric<Counts>(metric: Metric<Counts>): Metric<Counts> {
  return metric;
}

/** A quotient; null if the divisor is 0. */
export function quotient(x: number, divisor: number): number | null {
  return divisor === 0 ? null : x / divisor;
}
