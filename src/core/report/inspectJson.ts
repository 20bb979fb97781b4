import { jsonText as json } from './jsonText.ts';
import { valueAt } from '../valueAt.ts';
import { columnProblems } from '../table/columnProblems.ts';
import type { Column } from '../table/dataset.ts';
import { typeName } from '../table/type.ts';
import type { ColumnProfile } from '../table/profile.ts';
import type { InspectReport } from './inspectReport.ts';
import { render } from '../message/message.ts';

/**
 * The report as JSON text, one column and one row per line; `media/schemas/inspect.schema.json` describes it. Never
 * localised.
 * Objects whose keys are names are written by hand: a JavaScript object would move names like `1` to the front and lose
 * `__proto__`.
 */
export function inspectJson(report: InspectReport): string {
  const { dataset, labels, digest, sample, groups } = report;
  const rows = sample.rows.map(
    (row) => `{${sample.columns.map((c, i) => `${json(c.name)}: ${json(row[i] ?? null)}`).join(', ')}}`,
  );
  return [
    '{',
    `  "path": ${json(report.path)},`,
    `  "format": ${json(dataset.format)},`,
    `  "rows": ${report.rows},`,
    `  "bytes": ${dataset.bytes},`,
    `  "columns": ${list(report.columns.map((c) => json(columnOf(c, dataset.columns))))},`,
    `  "labels": ${json(labels && { column: labels.column, positive: labels.positive, negative: labels.negative })},`,
    ...(digest === null
      ? []
      : [
          `  "digest": ${json({ algorithm: digest.algorithm, rows: digest.rows, value: digest.value, columns: digest.columns })},`,
        ]),
    ...(groups === null ? [] : [`  "groups": ${groupsOf(groups)},`]),
    `  "sample": ${list(rows)}`,
    '}',
    '',
  ].join('\n');
}

function groupsOf({ by, total, sources, list: groups }: NonNullable<InspectReport['groups']>): string {
  const lines = groups.map(({ key, rows, all, positives, mix }) =>
    json({ key, rows, all, positives, mix: sources.map((source, k) => ({ source, rows: valueAt(mix, k) })) }),
  );
  return `{"by": ${json(by)}, "total": ${total}, "list": ${list(lines)}}`;
}

function columnOf(c: ColumnProfile, all: readonly Column[]): object {
  const q = c.quantiles;
  const problems = c.type.kind === 'unreadable' ? [] : columnProblems(c, c, all);
  return {
    name: c.name,
    type: typeName(c.type),
    role: c.role?.role ?? null,
    ...(c.type.kind === 'unreadable'
      ? { unreadable: render(c.type.reason), nulls: null, distinct: null }
      : { nulls: c.nulls, distinct: { value: c.distinct.value, exact: c.distinct.exact } }),
    min: c.min,
    max: c.max,
    mean: c.mean,
    quantiles: q && { of: c.of, p5: q.p5, p25: q.p25, p50: q.p50, p75: q.p75, p95: q.p95, exact: q.exact },
    top: c.top.map(({ value, count }) => ({ value, count })),
    ...(problems.length === 0 ? {} : { problems: problems.map(({ text }) => render(text)) }),
  };
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '[]' : `[\n${lines.map((line) => `    ${line}`).join(',\n')}\n  ]`;
}
