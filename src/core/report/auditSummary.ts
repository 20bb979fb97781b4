import type { MetricOutcome } from '../audit/metric.ts';
import { message, type Message } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import { severities } from '../policy/finding.ts';
import { formatCount } from '../table/format.ts';
import type { AuditReport } from './auditReport.ts';
import { auditValue } from './auditValue.ts';
import { fitCells } from './cells.ts';
import { findingLines } from './findingLines.ts';
import { gaugeComparisons, gaugesOf, gaugeVerdict } from './gauges.ts';
import { TextWriter, type TextOptions } from './textWriter.ts';
import { countsOf } from './lintReport.ts';
import { severityCountsText, severityNames, severityTones } from './severityText.ts';
import { type Cell } from './textTable.ts';

/** Largest number of lines of the summary, in a terminal of 80 cells or more. */
export const MAX_SUMMARY_LINES = 25;
const indent = '  ';

/** The purpose of the sample and the config that it is compared with. */
export function auditFacts({ config, stage, split, sample }: AuditReport): Message[] {
  return [
    ...[stage, split].flatMap((name) => (name === null ? [] : [{ text: name }])),
    message('layout {0}', sample.layout),
    config === null ? message('no config') : message('config {0}', config),
  ];
}

/** Shows if a sample is fit for training: its findings, the verdicts of the rules, and the gauges. */
export class AuditSummary extends TextWriter {
  constructor(
    private readonly report: AuditReport,
    options: TextOptions,
  ) {
    super(options);
  }

  /** The summary in at most `maxSummaryLines`. The last lines count what is missing and say how to see it. */
  lines(): string[] {
    const { findings } = this.report;
    const before = [...this.head(), ...this.verdict()];
    const after = [...this.#baseline(), ...this.figures()];
    const details = findings.reduce((sum, finding) => sum + finding.details.length, 0);
    // The last line is longest if no finding fits.
    const capacity = MAX_SUMMARY_LINES - before.length - after.length - this.#more(findings.length, details).length;
    const visible = this.#findings(capacity);
    return [
      ...before,
      ...visible.lines,
      ...after,
      ...this.#more(findings.length - visible.findings, details - visible.details),
    ];
  }

  /** The file, and what it is compared with. */
  head(): string[] {
    const facts = auditFacts(this.report).map((fact) => printable(this.text(fact)));
    return [this.paint('strong', printable(this.report.path)), ...this.wrapped(facts.join(' · '), 'faint')];
  }

  /** The number of findings, of rules that passed, and of rules that did not run. */
  verdict(): string[] {
    const { findings, rules } = this.report;
    const counts = countsOf(findings);
    const worst = severities.find((severity) => counts[severity] > 0);
    const passed = rules.filter(({ status }) => status === 'passed').length;
    const skipped = rules.flatMap(({ rule, status }) => (status === 'not-run' ? [rule] : []));
    const counted = worst === undefined ? this.text(message('No findings')) : severityCountsText(counts, this.options);
    const others = [
      ...(passed === 0 && findings.length > 0
        ? []
        : [passed === 1 ? message('1 data rule passed') : message('{0} data rules passed', passed)]),
      ...(skipped.length === 0 ? [] : [message('{0} did not run: {1}', skipped.length, skipped.join(', '))]),
    ].map((part) => ` · ${this.text(part)}`);
    const line = fitCells(counted + others.join(''), this.options.width);
    return ['', this.paint(worst === undefined ? 'strong' : severityTones[worst], line)];
  }

  /** Number of rows, first and last time, and each gauge with its verdict and its comparisons. */
  figures(): string[] {
    const rows = this.#figuresOf('rows')
      .map(({ label, value, unit }) => `${this.text(label)} ${auditValue(value, unit)}`)
      .join(' · ');
    const [first, last] = ['first', 'last'].map((id) => this.#figuresOf('time').find((figure) => figure.id === id));
    const lines = [
      ...(rows === '' ? [] : this.wrapped(rows, null, indent)),
      ...(typeof first?.value === 'string' && typeof last?.value === 'string'
        ? this.wrapped(message('{0} to {1}', first.value, last.value), null, indent)
        : []),
      ...this.#gauges(),
    ];
    return lines.length === 0 ? [] : ['', this.paint('strong', this.text(message('Summary'))), ...lines];
  }

  #gauges(): string[] {
    const { metrics, rules, findings } = this.report;
    const cells = gaugesOf(metrics, rules).map((gauge): Cell[] => {
      const verdict = gaugeVerdict(gauge, findings);
      const isFound = verdict !== null && verdict !== 'passed';
      const judged = verdict === null ? [] : [isFound ? severityNames[verdict] : message('passed')];
      const variants = [false, true].map((isShort) => [this.#list([...judged, ...gaugeComparisons(gauge, isShort)])]);
      return [
        { text: this.text(gauge.title) },
        { text: auditValue(gauge.figure.value, gauge.figure.unit), align: 'right' },
        { text: this.#list(judged), variants, tone: isFound ? severityTones[verdict] : 'faint' },
      ];
    });
    const head: Cell[] = [{ text: '' }, { text: '' }, { text: '' }];
    return this.table(head, cells, [60, 32, 80], indent).slice(1);
  }

  #figuresOf(id: string): Extract<MetricOutcome, { readonly state: 'measured' }>['figures'] {
    const outcome = this.report.metrics.find(({ metric }) => metric === id);
    return outcome?.state === 'measured' ? outcome.figures : [];
  }

  /** The worst findings that fit, then their details: the first detail of each finding, then the second ones, … */
  #findings(capacity: number): { readonly lines: string[]; readonly findings: number; readonly details: number } {
    const all = findingLines(this.report.findings, this.options);
    let remaining = capacity;
    const visible = all.filter(({ head }, k) => (remaining -= head.length) >= 0 || k === 0);
    const counts = visible.map(() => 0);
    const maxDetails = visible.reduce((count, { details }) => Math.max(count, details.length), 0);
    for (let rank = 0; rank < maxDetails && remaining > 0; rank++)
      for (const [k, { details }] of visible.entries()) {
        const size = details[rank]?.length ?? Infinity;
        if (counts[k] !== rank || size > remaining) continue;
        remaining -= size;
        counts[k] = rank + 1;
      }
    return {
      lines: visible.flatMap(({ head, details }, k) => [...head, ...details.slice(0, counts[k]).flat()]),
      findings: visible.length,
      details: counts.reduce((sum, count) => sum + count, 0),
    };
  }

  #baseline(): string[] {
    const { baseline } = this.report;
    if (!baseline) return [];
    const { path, fresh, resolved } = baseline;
    const since = message('Since {0}: {1} new findings, {2} gone', printable(path), fresh.length, resolved.length);
    return ['', ...this.wrapped(this.text(since), null)];
  }

  /** What `--details` shows in addition. */
  #more(findings: number, details: number): string[] {
    const { metrics, rules } = this.report;
    const measured = metrics.filter(({ state }) => state === 'measured').length;
    const unmeasured = metrics.length - measured;
    const skipped = rules.filter(({ status }) => status === 'not-run').length;
    const parts = [
      ...(findings === 0
        ? []
        : [findings === 1 ? message('1 more finding') : message('{0} more findings', formatCount(findings))]),
      ...(details === 0
        ? []
        : [details === 1 ? message('1 more detail') : message('{0} more details', formatCount(details))]),
      measured === 1 ? message('1 metric') : message('all {0} metrics', measured),
      ...(unmeasured === 0
        ? []
        : [
            unmeasured === 1
              ? message('why 1 metric was not measured')
              : message('why {0} metrics were not measured', unmeasured),
          ]),
      ...(skipped === 0
        ? []
        : [skipped === 1 ? message('why 1 rule did not run') : message('why {0} rules did not run', skipped)]),
    ];
    return ['', ...this.wrapped(message('With {0}: {1}', '--details', this.#list(parts)), 'faint')];
  }

  #list(parts: readonly Message[]): string {
    return parts.map((part) => this.text(part)).join(this.options.locale === 'zh-cn' ? '，' : ', ');
  }
}
