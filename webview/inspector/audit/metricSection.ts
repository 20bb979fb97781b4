import { html, nothing, type TemplateResult } from 'lit';
import type { Figure, MetricOutcome, MetricTable, Value } from '../../../src/core/audit/metric.ts';
import { auditCell, auditValue } from '../../../src/core/report/auditValue.ts';
import { metricCurve, type MetricCurve } from '../../../src/core/report/metricCurve.ts';
import { formatCount } from '../../../src/core/table/format.ts';
import { valueAt } from '../../../src/core/valueAt.ts';
import '../../charts/lines.ts';
import { say, t } from '../../strings.ts';
import { factTable, type FactColumn } from '../factTable.ts';

/** Rows of a table that are shown at most; the JSON of the command line has all of them. */
const maxRows = 200;

/** Figures of a closed section. */
const shownFigures = 3;

/** One metric, closed: its first figures; then all of them, its curves and tables, and what to know about them. */
export function metricSection({
  title: name,
  figures,
  tables,
  notes,
}: Extract<MetricOutcome, { readonly state: 'measured' }>): TemplateResult {
  const title = say(name);
  const first = figures
    .slice(0, shownFigures)
    .map(({ label, value, unit }) => `${say(label)} ${auditValue(value, unit)}`);
  return html`<details class="metric" aria-label=${title}><summary><span class="codicon codicon-chevron-right" aria-hidden="true"></span><h3>${title}</h3><span class="muted cut">${first.join(' · ')}</span></summary>
    <div class="inside">
    ${figures.length === 0 ? nothing : html`<dl class="figures">${figures.map(figureItem)}</dl>`}
    ${tables.map((table) => {
      // The tab Distribution draws it.
      if (table.isForCharts === true) return nothing;
      const curve = metricCurve(table, say);
      return curve ? chart(title, curve) : list(table);
    })}
    ${notes.map((note) => html`<p class="note">${say(note)}</p>`)}</div></details>`;
}

function figureItem({ label, value, unit, low, high }: Figure): TemplateResult {
  return html`<div><dt>${say(label)}</dt><dd>${auditValue(value, unit)}${
    low === undefined || high === undefined
      ? nothing
      : html`<small>${t('{0} to {1}', auditValue(low, unit), auditValue(high, unit))}</small>`
  }</dd></div>`;
}

function list({ columns, rows }: MetricTable): TemplateResult {
  const visibleRows = rows.slice(0, maxRows);
  const remaining = rows.length - visibleRows.length;
  const facts = columns.map((column, k): FactColumn<readonly Value[]> => ({
    title: say(column.label),
    number: column.unit !== 'text',
    cell: (row) => auditCell(column, valueAt(row, k), say),
  }));
  return html`${factTable(visibleRows, facts)}${remaining === 0 ? nothing : html`<p class="note">${t('{0} more rows in the JSON', formatCount(remaining))}</p>`}`;
}

function chart(name: string, { xName, x, lines, isText, textOfX, textOfY }: MetricCurve): TemplateResult {
  return html`<rs-lines tools .isText=${isText} .name=${name} .xName=${xName} .lines=${lines} .x=${x} .textOfX=${textOfX} .textOfY=${textOfY}></rs-lines>`;
}
