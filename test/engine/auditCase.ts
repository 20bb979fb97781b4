import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Measured, MetricOutcome, Value } from '../../src/core/audit/metric.ts';
import type { AuditAnswer, AuditRequest } from '../../src/protocol/audit.ts';
import { engine, parquet } from './fixture.ts';

/** One sample of a small world. */
export interface Row {
  readonly user: number;
  readonly item: number;
  readonly label: 0 | 1;
  readonly entry: string | null;
  /** The group: its positive's item, and its time in hours. */
  readonly positive: number;
  readonly hour: number;
  readonly weight: number;
}

/** Small samples: each group has one positive and some negatives. */
export const samples = fc
  .array(
    fc.record({
      user: fc.nat(4),
      positive: fc.nat(9),
      negatives: fc.array(fc.record({ item: fc.nat(9), entry: fc.constantFrom('pool', 'list', 'hard') }), {
        maxLength: 4,
      }),
      weight: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((groups) =>
    groups.flatMap(({ user, positive, negatives, weight }, hour): Row[] => [
      { user, item: positive, label: 1, entry: null, positive, hour, weight },
      ...negatives.map(({ item, entry }): Row => ({ user, item, label: 0, entry, positive, hour, weight })),
    ]),
  );

const time = (hour: number): string => `TIMESTAMP '2026-11-20' + INTERVAL ${hour} HOUR`;
const text = (value: string | null): string => (value === null ? 'NULL' : `'${value}'`);

/** The rows as SQL of the layout long. */
export function longSql(rows: readonly Row[]): string {
  const values = rows.map(
    ({ user, item, label, entry, positive, hour, weight }) =>
      `(${user}, ${item}, ${label}, ${text(entry)}, ${positive}, ${time(hour)}, ${weight})`,
  );
  return `SELECT * FROM (VALUES ${values.join(', ')}) t(user_id, item_id, label, entry, positive_item, ts, weight)`;
}

/** The same rows in the layout grouped: a row for each group. */
export const groupedSql = (rows: readonly Row[]): string =>
  `SELECT user_id, ts, first(positive_item) AS positive_item, list(item_id ORDER BY label DESC) AS item_id, list(label ORDER BY label DESC) AS label, list(entry ORDER BY label DESC) AS entry, list(weight ORDER BY label DESC) AS weight FROM (${longSql(rows)}) GROUP BY user_id, ts`;

/** The same rows in the layout wide: a row for each positive. */
export const wideSql = (rows: readonly Row[]): string =>
  `SELECT user_id, ts, first(item_id) FILTER (WHERE label = 1) AS item_id, first(weight) AS weight, list(item_id) FILTER (WHERE label = 0) AS negative_item_id, list(entry) FILTER (WHERE label = 0) AS negative_entry FROM (${longSql(rows)}) GROUP BY user_id, ts`;

let files = 0;

/** Writes a query as Parquet under a new name. */
export async function written(select: string): Promise<string> {
  return await parquet(`audit-${files++}.parquet`, select);
}

/** The audit of a file, without a config unless `more` has one. */
export function auditRequest(path: string, more: Partial<AuditRequest> = {}): AuditRequest {
  return {
    ref: { id: `audit ${path}`, path },
    known: { set: {}, names: {}, layout: null },
    timezone: 'UTC',
    plan: null,
    data: null,
    missingReason: null,
    choices: null,
    by: null,
    recorded: null,
    ...more,
  };
}

export async function auditOf(path: string, more: Partial<AuditRequest> = {}): Promise<AuditAnswer> {
  return await engine.call('audit', auditRequest(path, more));
}

export function outcomeOf({ metrics }: Pick<AuditAnswer, 'metrics'>, metric: string): MetricOutcome {
  return metrics.find((one) => one.metric === metric) ?? assert.fail(`no metric ${metric}`);
}

/** A metric that must have been measured. */
export function measured(answer: Pick<AuditAnswer, 'metrics'>, metric: string): Measured {
  const outcome = outcomeOf(answer, metric);
  return outcome.state === 'measured' ? outcome : assert.fail(`${metric}: ${JSON.stringify(outcome.because)}`);
}

/** The value of a figure. */
export function figure(found: Measured, id: string): Value {
  const one = found.figures.find((own) => own.id === id);
  return one ? one.value : assert.fail(`no figure ${id}`);
}

export function table(found: Measured, id: string): readonly (readonly Value[])[] {
  return found.tables.find((one) => one.id === id)?.rows ?? [];
}

/** How often each key occurs. */
export function countBy<T>(values: readonly T[], key: (value: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(key(value), (counts.get(key(value)) ?? 0) + 1);
  return counts;
}
