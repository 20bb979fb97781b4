import { html, nothing, type TemplateResult } from 'lit';
import type { Figure, MetricOutcome, MetricTable, TableColumn, Value } from '../../../src/core/audit/metric.ts';
import { metrics as allMetrics } from '../../../src/core/audit/metrics.ts';
import { printable } from '../../../src/core/message/printable.ts';
import { auditValue } from '../../../src/core/report/auditValue.ts';
import { formatCount } from '../../../src/core/table/format.ts';
import { valueAt } from '../../../src/core/valueAt.ts';
import '../../charts/lines.ts';
import { say, t } from '../../strings.ts';
import { factTable, type FactColumn } from '../factTable.ts';

/** Rows of a table that are shown at most; the JSON of the command line has all of them. */
const mostRows = 200;

/** One metric: its figures, its curves and tables, and what to know about them. */
export function metricSection({
  metric,
  figures,
  tables,
  notes,
}: Extract<MetricOutcome, { readonly state: 'measured' }>): TemplateResult {
  const known = allMetrics.find(({ id }) => id === metric);
  const title = known ? say(known.title) : metric;
  return html`<section aria-label=${title}><h2>${title}</h2>
    ${figures.length === 0 ? nothing : html`<dl class="figures">${figures.map(figureItem)}</dl>`}
    ${tables.map((table) => (table.shape === 'curve' && table.rows.length > 3 ? curve(title, table) : list(table)))}
    ${notes.map((note) => html`<p class="note">${say(note)}</p>`)}</section>`;
}

function figureItem({ label, value, unit, low, high }: Figure): TemplateResult {
  return html`<div><dt>${say(label)}</dt><dd>${auditValue(value, unit)}${
    low === undefined || high === undefined
      ? nothing
      : html`<small>${t('{0} to {1}', auditValue(low, unit), auditValue(high, unit))}</small>`
  }</dd></div>`;
}

function list({ columns, rows }: MetricTable): TemplateResult {
  const shown = rows.slice(0, mostRows);
  const left = rows.length - shown.length;
  const facts = columns.map((column, k): FactColumn<readonly Value[]> => ({
    title: say(column.label),
    number: column.unit !== 'text',
    cell: (row) => cellText(column, valueAt(row, k)),
  }));
  return html`${factTable(shown, facts)}${left === 0 ? nothing : html`<p class="note">${t('{0} more rows in the JSON', formatCount(left))}</p>`}`;
}

function curve(title: string, { columns, rows }: MetricTable): TemplateResult | typeof nothing {
  const [first, ...others] = columns;
  if (!first) return nothing;
  const along = rows.map((row) => valueAt(row, 0));
  const isText = typeof along[0] === 'string';
  const unit = others[0]?.unit ?? 'number';
  const lines = others.map(({ label }, k) => ({
    label: say(label),
    values: rows.map((row) => {
      const value = valueAt(row, k + 1);
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    }),
  }));
  return html`<rs-lines .name=${title} .xName=${say(first.label)} .lines=${lines}
    .x=${along.map((value, k) => (typeof value === 'number' ? value : k))}
    .textOfX=${(x: number) => (isText ? cellText(first, valueAt(along, x)) : auditValue(x, first.unit))}
    .textOfY=${(y: number) => auditValue(y, unit)}></rs-lines>`;
}

function cellText({ unit, texts }: TableColumn, value: Value): string {
  const own = typeof value === 'string' ? texts?.[value] : undefined;
  return own ? say(own) : printable(auditValue(value, unit));
}
