import { severities, type Finding } from '../policy/finding.ts';
import { countsOf, findingsOf, rulesOf, type LintedConfig, type LintReport } from './lintReport.ts';
import { message, type Message } from '../message/message.ts';
import { TextWriter, type TextOptions } from './textWriter.ts';
import { printable } from '../message/printable.ts';
import { cellWidth, padCells, wrapCells } from './cells.ts';
import { severityCountsText, severityNames, severityTones } from './severityText.ts';

const gap = '  ';
/** If messages have fewer cells, the rule goes on the line below. */
const MIN_MESSAGE_CELLS = 32;

/** Terminal report, wrapped at the requested width: findings by config, a summary, and the rules that did not run. */
export function lintText(report: LintReport, options: TextOptions): string {
  const writer = new Writer(report, options);
  return [...writer.findings(), ...writer.summary()].map((line) => `${line}\n`).join('');
}

class Writer extends TextWriter {
  constructor(
    private readonly report: LintReport,
    options: TextOptions,
  ) {
    super(options);
  }

  findings(): string[] {
    const configs = this.report.configs.filter(({ findings }) => findings.length > 0);
    const all = configs.flatMap(({ findings }) => findings);
    // Not as spread arguments, which overflow the stack: each of 200,000 names may have a finding.
    const widest = (texts: readonly string[]): number =>
      texts.reduce((most, text) => Math.max(most, cellWidth(text)), 0);
    const locationWidth = widest(all.map(placeOf));
    const severity = widest(all.map((finding) => this.text(severityNames[finding.severity])));
    const rule = widest(all.map((finding) => finding.rule));
    const before = gap.length + locationWidth + gap.length + severity + gap.length;
    const beside = this.options.width - before - gap.length - rule;
    const width = beside >= MIN_MESSAGE_CELLS ? beside : Math.max(MIN_MESSAGE_CELLS, this.options.width - before);
    const messages = Math.min(width, widest(all.map((finding) => this.messageOf(finding))));
    return configs.flatMap((config) =>
      this.config(config, {
        location: locationWidth,
        severity,
        before,
        messages,
        hasColumns: beside >= MIN_MESSAGE_CELLS,
      }),
    );
  }

  private config(
    { path, findings }: LintedConfig,
    widths: {
      readonly location: number;
      readonly severity: number;
      readonly before: number;
      readonly messages: number;
      readonly hasColumns: boolean;
    },
  ): string[] {
    const lines = findings.flatMap((finding) => {
      const head = `${gap}${padCells(placeOf(finding), widths.location, 'right')}${gap}${this.paint(severityTones[finding.severity], padCells(this.text(severityNames[finding.severity]), widths.severity))}${gap}`;
      const [first = '', ...more] = wrapCells(this.messageOf(finding), widths.messages);
      const rule = this.paint('faint', finding.rule);
      const details = finding.details.flatMap((detail) =>
        wrapCells(printable(this.text(detail)), Math.max(MIN_MESSAGE_CELLS, this.options.width - widths.before)).map(
          (line) => this.paint('faint', line),
        ),
      );
      const below = [...more, ...(widths.hasColumns ? [] : [rule]), ...details].map(
        (line) => ' '.repeat(widths.before) + line,
      );
      return [widths.hasColumns ? `${head}${padCells(first, widths.messages)}${gap}${rule}` : head + first, ...below];
    });
    return [this.paint('strong', printable(path)), ...lines, ''];
  }

  summary(): string[] {
    const {
      configs: reported,
      fixed,
      failures: { length: failed },
    } = this.report;
    const configs = reported.filter(({ isPolicy }) => isPolicy !== true);
    const all = findingsOf(this.report);
    const counts = countsOf(all);
    const worst = severities.find((severity) => counts[severity] > 0);
    const head =
      worst === undefined
        ? this.text(
            configs.length === 1
              ? message('1 config, no findings')
              : message('{0} configs, no findings', configs.length),
          )
        : this.text(
            message(
              '{0}: {1}',
              this.text(configs.length === 1 ? message('1 config') : message('{0} configs', configs.length)),
              severityCountsText(counts, this.options),
            ),
          );
    const fixable = all.filter(({ fixes }) => fixes[0]?.safe).length;
    return [
      ...(configs.length === 0 ? [] : this.wrapped(head, worst === undefined ? 'strong' : severityTones[worst])),
      ...(fixed === 0
        ? []
        : this.wrapped(fixed === 1 ? message('1 finding was fixed') : message('{0} findings were fixed', fixed))),
      ...(fixable === 0
        ? []
        : this.wrapped(
            fixable === 1
              ? message('1 finding can be fixed with --fix')
              : message('{0} findings can be fixed with --fix', fixable),
          )),
      ...(failed === 0
        ? []
        : this.wrapped(
            failed === 1
              ? message('1 file or folder could not be read or written')
              : message('{0} files or folders could not be read or written', failed),
            'error',
          )),
      ...this.notRun(),
    ];
  }

  /** One line for the rules that need more data than requested, and one for each reason why others did not run. */
  private notRun(): string[] {
    const reasons = new Map<string, string[]>();
    let further = 0;
    for (const { rule, status, because } of rulesOf(this.report)) {
      if (status !== 'not-run') continue;
      if (looksFurther(rule, this.report.level)) further++;
      else {
        const reason = because ? printable(this.text(because)) : '';
        reasons.set(reason, [...(reasons.get(reason) ?? []), rule]);
      }
    }
    const reasonLines = [...reasons].map(([reason, rules]) =>
      rules.length === 1
        ? message('1 rule did not run ({0}): {1}', rules.join(', '), reason)
        : message('{0} rules did not run ({1}): {2}', rules.length, rules.join(', '), reason),
    );
    return [...(further === 0 ? [] : [this.further(further)]), ...reasonLines].flatMap((line) =>
      this.wrapped(line, 'faint'),
    );
  }

  private further(n: number): Message {
    if (this.report.level === 'none')
      return n === 1
        ? message('1 rule did not run because it needs the data: use {0}', '--facts schema')
        : message('{0} rules did not run because they need the data: use {1}', n, '--facts schema');
    return n === 1
      ? message('1 rule did not run because it needs row counts: use {0}', '--facts data')
      : message('{0} rules did not run because they need row counts: use {1}', n, '--facts data');
  }

  private messageOf(finding: Finding): string {
    return printable(this.text(finding.message));
  }
}

/** True for a rule that needs more data than the level allows. The prefix of its id names the level that it needs. */
function looksFurther(rule: string, level: LintReport['level']): boolean {
  return level !== 'data' && (rule.startsWith('data/') || (level === 'none' && rule.startsWith('schema/')));
}

/** Position as `line:column`, 1-based, as in editors and compilers. */
function placeOf({ range }: Finding): string {
  return `${range.start.line + 1}:${range.start.character + 1}`;
}
