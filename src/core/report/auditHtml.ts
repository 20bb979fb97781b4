import type { Figure, MetricOutcome, MetricTable, TableColumn } from '../audit/metric.ts';
import { message, render, type Message, type Translate } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import { severities, type Severity } from '../policy/finding.ts';
import { formatCount } from '../table/format.ts';
import { valueAt } from '../valueAt.ts';
import type { AuditReport } from './auditReport.ts';
import { auditFacts } from './auditSummary.ts';
import { auditCell, auditValue } from './auditValue.ts';
import { findingDrift } from './findingDrift.ts';
import { htmlPage } from './html/htmlPage.ts';
import { lineChart } from './html/lineChart.ts';
import { markup, type Content, type Markup } from './html/markup.ts';
import { metricCurve, type MetricCurve } from './metricCurve.ts';
import { notMeasured } from './notMeasured.ts';
import { sampleRoles } from './sampleRoles.ts';
import { severityNames } from './severityText.ts';

export interface HtmlOptions {
  /** BCP 47 tag of the report's language. */
  readonly language: string;
  readonly translate: Translate;
}

/** Largest number of rows of a table on the page; JSON has all of them. */
const MAX_ROWS = 200;

/**
 * The report as one page without other files, scripts or network access, so it can be sent to a colleague. Texts of
 * files and configs are escaped, and the page's content policy allows only its style.
 */
export function auditHtml(report: AuditReport, options: HtmlOptions): string {
  return new Page(report, options).text();
}

class Page {
  constructor(
    private readonly report: AuditReport,
    private readonly options: HtmlOptions,
  ) {}

  text(): string {
    const title = this.#text(message('Audit of {0}', this.report.path));
    const { language } = this.options;
    return htmlPage(
      { language, title },
      markup`<p class="muted">${auditFacts(this.report)
        .map((fact) => this.#text(fact))
        .join(' · ')}</p>
<p class="muted">${this.#text(message('columns: {0}', sampleRoles(this.report.sample)))}</p>
${this.report.notices.map((notice) => markup`<p>${this.#text(notice)}</p>`)}
${this.#contents()}
${this.#findings()}
${this.#baseline()}
${this.report.metrics.map((outcome) => this.#metric(outcome))}
${this.#notMeasured()}`,
    );
  }

  #contents(): Markup {
    const measured = this.report.metrics.filter(({ state }) => state === 'measured');
    return markup`<nav aria-label="${this.#text(message('Contents'))}"><ul>
<li><a href="#findings">${this.#text(message('Findings'))}</a></li>
${measured.map(({ metric, title }) => markup`<li><a href="#metric-${metric}">${this.#text(title)}</a></li>`)}
</ul></nav>`;
  }

  #findings(): Content {
    const { findings } = this.report;
    const rank = (severity: Severity): number => severities.indexOf(severity);
    return markup`<section id="findings"><h2>${this.#text(message('Findings'))}</h2>
${findings.length === 0 ? markup`<p class="passed">✓ ${this.#text(message('The data rules found nothing'))}</p>` : null}
<ul class="findings">
${[...findings]
  .sort((a, b) => rank(a.severity) - rank(b.severity))
  .map(
    ({ severity, message: says, rule, details }) => markup`<li>
<span class="severity ${severity}">${this.#text(severityNames[severity])}</span> <strong>${this.#text(says)}</strong> <code>${rule}</code>
${details.length === 0 ? null : markup`<ul>${details.map((detail) => markup`<li>${this.#text(detail)}</li>`)}</ul>`}
</li>`,
  )}
</ul></section>`;
  }

  #baseline(): Content {
    const { baseline } = this.report;
    if (!baseline) return null;
    return markup`<section id="baseline"><h2>${this.#text(message('Since {0}', baseline.path))}</h2><ul class="findings">
${findingDrift(baseline).map((line) => markup`<li>${this.#text(line)}</li>`)}
</ul></section>`;
  }

  #metric(outcome: MetricOutcome): Content {
    if (outcome.state === 'not-run') return null;
    const { metric, figures, tables, notes } = outcome;
    const title = this.#text(outcome.title);
    return markup`<section id="metric-${metric}"><h2>${title}</h2>
${figures.length === 0 ? null : markup`<dl class="figures">${figures.map((figure) => this.#figure(figure))}</dl>`}
${tables.map((table) => {
  const curve = metricCurve(table, (m) => this.#text(m));
  if (curve) return this.#curve(title, curve, table);
  return table.isForCharts === true ? this.#values(title, table) : this.#table(title, table);
})}
${notes.map((note) => markup`<p class="note">${this.#text(note)}</p>`)}
</section>`;
  }

  #figure({ label, value, unit, low, high }: Figure): Markup {
    const interval =
      low === undefined || high === undefined
        ? null
        : this.#text(message('{0} to {1}', auditValue(low, unit), auditValue(high, unit)));
    return markup`<div><dt>${this.#text(label)}</dt><dd>${auditValue(value, unit)}${interval === null ? null : markup`<small>${interval}</small>`}</dd></div>`;
  }

  /** A picture, with its values in a closed table below it. */
  #curve(title: string, { xName, ...curve }: MetricCurve, table: MetricTable): Markup {
    const names = curve.lines.map(({ label }) => label).join(', ');
    return markup`<h3>${xName}</h3>
${lineChart({ title: this.#text(message('{0}: {1} by {2}', title, names, xName)), ...curve })}
${this.#values(title, table)}`;
  }

  #values(title: string, table: MetricTable): Markup {
    return markup`<details><summary>${this.#text(message('Values'))}</summary>${this.#table(title, table)}</details>`;
  }

  #table(title: string, { columns, rows }: MetricTable): Markup {
    const remaining = rows.length - MAX_ROWS;
    const side = ({ unit }: TableColumn): string => (unit === 'text' ? 'text' : 'number');
    return markup`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>${columns.map((column) => markup`<th scope="col" class="${side(column)}">${this.#text(column.label)}</th>`)}</tr></thead>
<tbody>
${rows
  .slice(0, MAX_ROWS)
  .map(
    (row) =>
      markup`<tr>${columns.map((column, k) => markup`<td class="${side(column)}">${auditCell(column, valueAt(row, k), (m) => this.#text(m))}</td>`)}</tr>`,
  )}
</tbody></table></div>
${remaining <= 0 ? null : markup`<p class="note">${this.#text(message('{0} more rows in the JSON', formatCount(remaining)))}</p>`}`;
  }

  #notMeasured(): Content {
    const missing = notMeasured(this.report);
    if (missing.length === 0) return null;
    return markup`<section><h2>${this.#text(message('Not measured'))}</h2><ul class="findings">
${missing.map(({ name, because }) => markup`<li><strong>${this.#text(name)}</strong> <span class="muted">${this.#text(because)}</span></li>`)}
</ul></section>`;
  }

  #text(m: Message): string {
    return printable(render(m, this.options.translate));
  }
}
