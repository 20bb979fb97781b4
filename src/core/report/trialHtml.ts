import { message, render, type Message } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import { fixed, formatCount, formatPercent } from '../table/format.ts';
import { pairOf } from '../trial/compareArms.ts';
import { meanOf } from '../trial/gates.ts';
import type { TrialDifference, TrialReport } from '../trial/report.ts';
import { trialMetrics, type TrialMetric } from '../trial/trialMetrics.ts';
import { valueAt } from '../valueAt.ts';
import type { HtmlOptions } from './auditHtml.ts';
import { htmlPage } from './html/htmlPage.ts';
import { lineChart } from './html/lineChart.ts';
import { markup, type Content, type Markup } from './html/markup.ts';
import { intervalPicture, paretoPicture, thirdsPicture } from './html/trialCharts.ts';
import { lossLines, paretoPlot, scaleOf, thirds, thirdsPlot } from './trialCharts.ts';
import {
  detectableText,
  figureText,
  gateVerdicts,
  intervalNote,
  intervalText,
  lossTexts,
  meanCount,
  signedValue,
  trainedText,
  trialLimits,
  trialValue,
  unseenTexts,
  windowText,
  wordTexts,
} from './trialTexts.ts';

const ownStyle = markup`<style>
.banner { border: 1px solid var(--rule); padding: 12px 16px; margin: 20px 0 8px; background: var(--tint); }
.banner p { font-weight: 600; } .banner ul { display: flex; flex-wrap: wrap; gap: 4px 24px; margin: 0; padding: 0; list-style: none; font-size: 13px; }
.fired { color: var(--warning); } .dot { fill: var(--ground); stroke: var(--text); stroke-width: 1.5; } .dot.clear { fill: var(--text); }
.interval { vertical-align: middle; } .interval .grid { stroke: var(--muted); } .steps { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 3 3; }
.line.solid { stroke-dasharray: none; } 
.mark.series-0 { fill: var(--series-0); } .mark.series-1 { fill: var(--series-1); } .mark.series-4 { fill: var(--series-4); }
.mark.hollow { fill: var(--ground); }
.charts { display: flex; flex-wrap: wrap; gap: 8px 32px; } .chart.small { flex: 1 1 400px; max-width: 520px; overflow: visible; }
td small { color: var(--muted); } .difference span { display: inline-block; min-width: 64px; }
.several .difference small { display: block; }
@media (max-width: 1000px), print { .difference small { display: block; } #differences th, #differences td { padding-inline-end: 10px; } .interval { width: 84px; } .difference span { min-width: 56px; } }
figure { flex: 1 1 400px; margin: 0; min-width: 0; }
</style>`;

/** The report as one page without other files, scripts or network access. Names of files are escaped. */
export function trialHtml(report: TrialReport, options: HtmlOptions): string {
  return new Page(report, options).text();
}

class Page {
  readonly #names: readonly string[];

  constructor(
    private readonly report: TrialReport,
    private readonly options: HtmlOptions,
  ) {
    this.#names = report.arms.map(({ name }) => printable(name));
  }

  text(): string {
    const { report } = this;
    const title = this.#text(message('Trial of {0}', this.#names.join(', ')));
    const { language } = this.options;
    return htmlPage(
      { language, title, style: ownStyle },
      markup`<p class="muted">${this.#facts().join(' · ')}</p>
${this.#banner()}
<p>${this.#text(trialLimits)}</p>
${report.notes.map((note) => markup`<p class="note">${this.#text(note)}</p>`)}
${this.#differences()}
${this.#charts()}
${this.#trained()}
${this.#unseen()}
${this.#details()}`,
    );
  }

  #facts(): string[] {
    const { stage, loss, arms, hide, windows, slice } = this.report;
    return [
      stage,
      this.#text(lossTexts[loss]),
      this.#text(message('seeds: {0}', arms[0]?.runs.length ?? 0)),
      this.#text(hide === 'clicked' ? message('clicked items hidden') : message('exposed items hidden')),
      this.#text(message('eval {0}', windowText(windows.eval))),
      ...(slice === null ? [] : [this.#text(message('random slice {0} = {1}', slice.column, slice.value))]),
    ];
  }

  #banner(): Markup {
    const { gates } = this.report;
    const hasFired = gates.some(({ fired }) => fired);
    return markup`<div class="banner">${gateVerdicts(this.report).map(
      (verdict) =>
        markup`<p class="${hasFired ? 'fired' : 'passed'}">${hasFired ? '!' : '✓'} ${this.#text(verdict)}</p>`,
    )}<ul>${gates
      .flatMap(({ figures }) => figures)
      .map((figure) => {
        const { name, value } = figureText(figure);
        return markup`<li><span class="${figure.holds ? 'passed' : 'fired'}">${figure.holds ? '✓' : '!'}</span> ${this.#text(name)} <span class="muted">${this.#text(value)}</span></li>`;
      })}</ul></div>`;
  }

  #differences(): Markup {
    const { report } = this;
    const others = report.arms.slice(1).map((_, k) => pairOf(report, k + 1, 0));
    const metrics = trialMetrics.filter(({ id }) => report.values[0]?.some(({ metric }) => metric === id));
    return markup`<section id="differences"><h2>${this.#text(message('Differences'))}</h2><div class="scroll"><table${others.length > 2 ? markup` class="several"` : null}>
<thead><tr><th scope="col">${this.#text(message('metric'))}</th><th scope="col" class="number">${valueAt(this.#names, 0)}</th><th scope="col" class="number">${this.#text(message('popularity'))}</th>${this.#names
      .slice(1)
      .map(
        (name) => markup`<th scope="col">${this.#text(message('{0} minus {1}', name, valueAt(this.#names, 0)))}</th>`,
      )}</tr></thead>
<tbody>${metrics.map(
      (metric) =>
        markup`<tr><th scope="row">${this.#text(metric.label)}</th><td class="number">${trialValue(meanOf(report.values[0] ?? [], metric.id))}</td><td class="number">${trialValue(meanOf(report.popularity, metric.id))}</td>${others.map(({ differences }) => this.#cells(metric, differences))}</tr>`,
    )}</tbody></table></div>
<p class="note">${this.#text(intervalNote(report))}</p></section>`;
  }

  #cells({ id }: TrialMetric, differences: readonly TrialDifference[]): Content {
    const entry = differences.find(({ metric }) => metric === id);
    if (!entry) return markup`<td>–</td>`;
    const [interval, detectable] = [intervalText(entry), detectableText(entry)];
    return markup`<td class="difference"><span>${signedValue(entry.difference)}</span>${intervalPicture(entry, scaleOf(this.report, 0, id))}<br><strong title="${entry.word === 'no_clear_difference' && detectable ? this.#text(detectable) : ''}">${this.#text(wordTexts[entry.word])}</strong>${interval ? markup` <small>${this.#text(interval)}</small>` : null}</td>`;
  }

  #charts(): Content {
    const [pareto, third] = [paretoPlot(this.report, 0), thirdsPlot(this.report, 0)];
    const thirdNames = [message('head'), message('middle'), message('tail')].map((name, k) => {
      const recall = meanOf(valueAt(this.report.values, 0), valueAt(thirds, k));
      return { name: this.#text(name), recall: recall === null ? '–' : formatPercent(recall) };
    });
    const { x, lines } = lossLines(this.report);
    const loss = this.#text(message('Training loss by epoch'));
    return markup`<section id="charts"><div class="charts">
${pareto ? markup`<figure><figcaption><h3>${this.#text(message('NDCG against tail recall'))} <span class="muted">${this.#text(message('up and to the right is better'))}</span></h3></figcaption>${paretoPicture(pareto, this.#names, this.#text(message('NDCG against tail recall')), ['NDCG@20', this.#text(message('Tail recall@100'))])}</figure>` : null}
${third ? markup`<figure><figcaption><h3>${this.#text(message('Recall@100 by popularity third'))} <span class="muted">${this.#text(message('points above or below {0}', valueAt(this.#names, 0)))}</span></h3></figcaption>${thirdsPicture(third, this.#names, this.#text(message('Recall@100 by popularity third')), thirdNames)}</figure>` : null}
</div><details><summary>${loss}</summary>${lineChart({ title: loss, x, lines, textOfX: String, textOfY: (value) => fixed(value, 2) })}</details></section>`;
  }

  #trained(): Markup {
    const { report } = this;
    const heads = [message('epochs'), message('groups'), message('rows'), message('shortfall'), message('left out')];
    return markup`<section id="trained"><h2>${this.#text(message('What was trained'))}</h2><div class="scroll"><table>
<thead><tr><th scope="col">${this.#text(message('config'))}</th>${heads.map((head) => markup`<th scope="col" class="number">${this.#text(head)}</th>`)}</tr></thead>
<tbody>${report.arms.map(
      ({ name, epochs, runs }) =>
        markup`<tr><th scope="row">${printable(name)}</th>${[
          epochs,
          meanCount(runs.map(({ groups }) => groups)),
          meanCount(runs.map(({ rows }) => rows)),
          meanCount(runs.map(({ shortfall }) => shortfall)),
          meanCount(runs.map((run) => run.groupsWithoutRows + run.groupsWithoutLogQ)),
        ].map((count) => markup`<td class="number">${formatCount(count)}</td>`)}</tr>`,
    )}</tbody></table></div>
<p class="note">${this.#text(trainedText(report))} ${this.#text(message('Counts are means over the seeds; left out: groups without rows or log q.'))}</p></section>`;
  }

  #unseen(): Markup {
    return markup`<section id="unseen"><h2>${this.#text(message('What the probe cannot see'))}</h2><ul class="findings">${unseenTexts(
      this.report,
    ).map(
      ({ limit, reason }) =>
        markup`<li><strong>${this.#text(limit)}</strong> <span class="muted">${this.#text(reason)}</span></li>`,
    )}</ul></section>`;
  }

  /** Settings that reproduce the trial. */
  #details(): Markup {
    const { version, seed, data, arms, constants } = this.report;
    const rows: [string, string][] = [
      [this.#text(message('version')), version],
      [this.#text(message('Seed')), seed],
      ...arms.map(({ config, digest }): [string, string] => [config, digest]),
      ...Object.entries(data),
      ...Object.entries(constants).map(([name, value]): [string, string] => [
        name,
        typeof value === 'number' ? String(value) : value.join(', '),
      ]),
    ];
    return markup`<section id="details"><details><summary>${this.#text(message('Digests, seeds and constants'))}</summary><div class="scroll"><table><tbody>${rows.map(
      ([name, value]) =>
        markup`<tr><th scope="row">${printable(name)}</th><td><code>${printable(value)}</code></td></tr>`,
    )}</tbody></table></div></details></section>`;
  }

  #text(m: Message): string {
    return printable(render(m, this.options.translate));
  }
}
