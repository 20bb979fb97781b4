import { auditRoles } from '../audit/sampleColumns.ts';
import { sampleLayouts } from '../schema/sampleLayout.ts';
import type { MetricOutcome } from '../audit/metric.ts';
import {
  count,
  defined,
  described,
  dictionary,
  documentText,
  lines,
  list,
  nullable,
  number,
  oneOf,
  optional,
  record,
  scalar,
  text,
  type ValueOf,
} from '../json/codec.ts';
import { render } from '../message/message.ts';
import { stages } from '../schema/stage.ts';
import type { AuditReport } from './auditReport.ts';
import { briefFinding, briefOf, placedFinding, placedOf, ruleRun, runOf, severityCounts } from './findingJson.ts';
import { countsOf } from './lintReport.ts';

const value = defined(
  'value',
  described(
    scalar({ type: ['number', 'string', 'null'] }, (json) => json.scalar()),
    'Ids and times are texts.',
  ),
);
const unit = defined('unit', oneOf('count', 'share', 'ratio', 'bits', 'nats', 'number', 'text'));

const metric = record({
  metric: text,
  status: oneOf('measured', 'not-run'),
  because: described(nullable(text), 'Why it was not measured.'),
  figures: dictionary(
    record({
      value,
      unit,
      low: optional(described(number, 'Lower end of the 95 % interval.')),
      high: optional(described(number, 'Upper end of the 95 % interval.')),
    }),
  ),
  tables: dictionary(record({ columns: list(record({ name: text, unit })), rows: list(list(value)) })),
  notes: list(text),
});

/** The output of `recsample audit --format json`. */
export const auditOutput = record(
  {
    path: text,
    config: nullable(text),
    stage: nullable(oneOf(...stages)),
    split: nullable(oneOf('train', 'eval')),
    layout: oneOf(...sampleLayouts),
    rows: described(count, 'Samples: one for each positive or negative.'),
    fileRows: described(count, 'Rows of the file; in some layouts, one for each group.'),
    files: count,
    bytes: count,
    columns: lines(
      record({
        role: text,
        column: nullable(text),
        negatives: described(nullable(text), 'In the layout wide, the column with the list of the negatives.'),
      }),
    ),
    findings: described(
      lines(placedFinding),
      'Of the data rules, about this sample file. Positions are in the config.',
    ),
    baseline: described(
      nullable(record({ path: text, newFindings: list(briefFinding), goneFindings: list(briefFinding) })),
      'The sample of --baseline, and the findings that are new or gone since then; null without one.',
    ),
    counts: severityCounts,
    rules: lines(ruleRun),
    metrics: lines(metric),
  },
  'block',
);

/** The report as JSON text, one metric per line. Never translated. */
export function auditJson(report: AuditReport): string {
  const { config, stage, sample, metrics, findings, rules, baseline = null } = report;
  return documentText(auditOutput, {
    ...report,
    ...sample,
    columns: auditRoles.flatMap((role) => {
      const { name, negatives } = sample.columns[role] ?? { name: null, negatives: null };
      return name === null && negatives === null ? [] : [{ role, column: name, negatives }];
    }),
    findings: findings.map((finding) => placedOf(finding, { path: config, stage })),
    baseline: baseline && {
      path: baseline.path,
      newFindings: baseline.fresh.map(briefOf),
      goneFindings: baseline.resolved.map(briefOf),
    },
    counts: countsOf(findings),
    rules: rules.map(runOf),
    metrics: metrics.map(metricOf),
  });
}

function metricOf(outcome: MetricOutcome): ValueOf<typeof metric> {
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
    figures: Object.fromEntries(outcome.figures.map((figure) => [figure.id, figure])),
    tables: Object.fromEntries(
      outcome.tables.map(({ id, columns, rows }) => [
        id,
        { columns: columns.map(({ id: name, unit }) => ({ name, unit })), rows },
      ]),
    ),
    notes: outcome.notes.map((note) => render(note)),
  };
}
