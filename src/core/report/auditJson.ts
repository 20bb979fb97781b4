import { jsonText as json } from './jsonText.ts';
import { auditRoles } from '../audit/sampleColumns.ts';
import type { Figure, MetricOutcome, MetricTable } from '../audit/metric.ts';
import { render } from '../message/message.ts';
import type { Finding } from '../policy/finding.ts';
import type { AuditReport } from './auditReport.ts';
import { findingText } from './findingText.ts';
import { countsOf } from './lintReport.ts';
import { rulePagePath } from './rulePage.ts';

/** The report as JSON text, a metric a line; `media/schemas/audit.schema.json` describes it. Never localised. */
export function auditJson({
  path,
  config,
  stage,
  split,
  sample,
  metrics,
  findings,
  rules,
  baseline = null,
}: AuditReport): string {
  const columns = auditRoles.flatMap((role) => {
    const { name, negatives } = sample.columns[role] ?? { name: null, negatives: null };
    return name === null && negatives === null ? [] : [{ role, column: name, negatives }];
  });
  return `${[
    '{',
    `  "path": ${json(path)},`,
    `  "config": ${json(config)},`,
    `  "stage": ${json(stage)},`,
    `  "split": ${json(split)},`,
    `  "layout": ${json(sample.layout)},`,
    `  "rows": ${sample.rows},`,
    `  "file_rows": ${sample.fileRows},`,
    `  "files": ${sample.files},`,
    `  "bytes": ${sample.bytes},`,
    `  "columns": ${list(columns)},`,
    `  "findings": ${list(
      findings.map(({ rule, severity, message, details, range: { start, end } }) => ({
        rule,
        severity,
        message: findingText({ message, details }),
        path: config,
        stage,
        range: {
          start: { line: start.line, character: start.character },
          end: { line: end.line, character: end.character },
        },
        help: rulePagePath(rule),
      })),
    )},`,
    `  "baseline": ${json(
      baseline && {
        path: baseline.path,
        new_findings: baseline.fresh.map(briefOf),
        gone_findings: baseline.gone.map(briefOf),
      },
    )},`,
    `  "counts": ${json(countsOf(findings))},`,
    `  "rules": ${list(rules.map(({ rule, status, because }) => ({ rule, status, because: because ? render(because) : null })))},`,
    `  "metrics": ${list(metrics.map(metricJson))}`,
    '}',
  ].join('\n')}\n`;
}

function briefOf({ rule, severity, message, details }: Finding): unknown {
  return { rule, severity, message: findingText({ message, details }) };
}

function metricJson(outcome: MetricOutcome): unknown {
  if (outcome.state === 'not-run')
    return {
      metric: outcome.metric,
      status: 'not-run',
      because: render(outcome.because),
      figures: {},
      tables: {},
      notes: [],
    };
  return {
    metric: outcome.metric,
    status: 'measured',
    because: null,
    figures: Object.fromEntries(outcome.figures.map((figure) => [figure.id, figureJson(figure)])),
    tables: Object.fromEntries(outcome.tables.map((table) => [table.id, tableJson(table)])),
    notes: outcome.notes.map((note) => render(note)),
  };
}

function figureJson({ value, unit, low, high }: Figure): unknown {
  return { value, unit, ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
}

function tableJson({ columns, rows }: MetricTable): unknown {
  return { columns: columns.map(({ id, unit }) => ({ name: id, unit })), rows };
}

function list(elements: readonly unknown[]): string {
  return elements.length === 0 ? '[]' : `[\n${elements.map((one) => `    ${json(one)}`).join(',\n')}\n  ]`;
}
