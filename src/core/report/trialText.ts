import { message } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import { formatCount } from '../table/format.ts';
import { pairOf } from '../trial/compareArms.ts';
import { meanOf } from '../trial/gates.ts';
import type { TrialReport } from '../trial/report.ts';
import { trialMetrics } from '../trial/trialMetrics.ts';
import { wrapCells } from './cells.ts';
import { TextWriter, type TextOptions } from './textWriter.ts';
import { type Cell } from './textTable.ts';
import {
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
  wordTexts,
} from './trialTexts.ts';

const indent = '  ';

/** Terminal report: gates, then each config compared with the first one, then the training. */
export function trialText(report: TrialReport, options: TextOptions): string {
  return new Writer(report, options)
    .lines()
    .map((line) => `${line}\n`)
    .join('');
}

class Writer extends TextWriter {
  constructor(
    private readonly report: TrialReport,
    options: TextOptions,
  ) {
    super(options);
  }

  lines(): string[] {
    const { report } = this;
    return [
      ...this.#head(),
      '',
      ...this.#gates(),
      '',
      ...this.wrapped(trialLimits, 'faint'),
      ...this.#reference(),
      ...report.arms.slice(1).flatMap((_, k) => this.#pair(k + 1)),
      '',
      ...this.wrapped(intervalNote(report), 'faint'),
      ...this.section(message('What was trained'), this.#trained()),
      ...this.section(message('What the probe cannot see'), this.#unseen()),
      ...(report.notes.length === 0
        ? []
        : this.section(
            message('Notes'),
            report.notes.flatMap((note) => this.wrapped(note, null, indent)),
          )),
    ];
  }

  #head(): string[] {
    const { arms, stage, loss, hide, slice } = this.report;
    const facts = [
      stage,
      this.text(lossTexts[loss]),
      this.text(message('seeds: {0}', arms[0]?.runs.length ?? 0)),
      this.text(hide === 'clicked' ? message('clicked items hidden') : message('exposed items hidden')),
      ...(slice === null
        ? []
        : [this.text(message('random slice {0} = {1}', printable(slice.column), printable(slice.value)))]),
    ];
    const names = arms.map(({ name }) => printable(name)).join(', ');
    return [
      ...wrapCells(this.text(message('Trial of {0}', names)), this.options.width).map((line) =>
        this.paint('strong', line),
      ),
      ...wrapCells(facts.join(' · '), this.options.width).map((line) => this.paint('faint', line)),
    ];
  }

  #gates(): string[] {
    const { gates } = this.report;
    const hasFired = gates.some(({ fired }) => fired);
    const verdicts = gateVerdicts(this.report).flatMap((verdict) => {
      const [first = '', ...more] = wrapCells(printable(this.text(verdict)), this.options.width - indent.length);
      return [
        `${hasFired ? this.paint('warning', '!') : '✓'} ${this.paint('strong', first)}`,
        ...more.map((line) => indent + this.paint('strong', line)),
      ];
    });
    const rows = gates
      .flatMap(({ figures }) => figures)
      .map((figure): Cell[] => {
        const { name, value } = figureText(figure);
        return [
          { text: figure.holds ? '✓' : '!', ...(figure.holds ? {} : { tone: 'warning' }) },
          { text: this.text(name) },
          { text: this.text(value) },
        ];
      });
    return [...verdicts, ...this.table([{ text: '' }, { text: '' }, { text: '' }], rows, [1, 40, 40], indent).slice(1)];
  }

  /** Differences of a config to the first one. */
  #pair(arm: number): string[] {
    const { arms } = this.report;
    const [reference, other] = [arms[0]?.name ?? '', arms[arm]?.name ?? ''];
    const head: Cell[] = [
      { text: '' },
      { text: this.text(message('difference')), align: 'right' },
      { text: this.text(message('interval')), align: 'right' },
      { text: '' },
    ];
    const rows = pairOf(this.report, arm, 0).differences.map((difference): Cell[] => {
      const interval = intervalText(difference);
      return [
        { text: this.#label(difference.metric) },
        { text: signedValue(difference.difference), align: 'right' },
        { text: interval ? this.text(interval) : '–', align: 'right', tone: 'faint' },
        {
          text: this.text(wordTexts[difference.word]),
          ...(difference.word === 'higher' || difference.word === 'lower' ? { tone: 'strong' } : {}),
        },
      ];
    });
    return this.section(
      message('{0} minus {1}', printable(other), printable(reference)),
      this.table(head, rows, [24, 10, 20, 20], indent),
    );
  }

  /** The values of the first config, and of items ranked by popularity. */
  #reference(): string[] {
    const rows = (this.report.values[0] ?? []).map(({ metric, mean }): Cell[] => [
      { text: this.#label(metric) },
      { text: trialValue(mean), align: 'right' },
      { text: trialValue(meanOf(this.report.popularity, metric)), align: 'right' },
    ]);
    const head: Cell[] = [
      { text: '' },
      { text: printable(this.report.arms[0]?.name ?? ''), align: 'right' },
      { text: this.text(message('popularity')), align: 'right' },
    ];
    return ['', ...this.table(head, rows, [24, 30, 12], indent)];
  }

  #trained(): string[] {
    const { report } = this;
    const { arms } = report;
    const number = (count: number): Cell => ({ text: formatCount(count), align: 'right' });
    const head = [
      message('config'),
      message('epochs'),
      message('groups'),
      message('rows'),
      message('shortfall'),
      message('left out'),
    ].map((text, k): Cell => ({ text: this.text(text), align: k === 0 ? 'left' : 'right' }));
    const rows = arms.map(({ name, epochs, runs }): Cell[] => [
      { text: printable(name) },
      number(epochs),
      number(meanCount(runs.map(({ groups }) => groups))),
      number(meanCount(runs.map((run) => run.rows))),
      number(meanCount(runs.map(({ shortfall }) => shortfall))),
      number(meanCount(runs.map((run) => run.groupsWithoutRows + run.groupsWithoutLogQ))),
    ]);
    return [
      ...this.table(head, rows, [30, 8, 12, 14, 12, 12], indent),
      ...this.wrapped(trainedText(report), 'faint', indent),
      ...this.wrapped(
        message('Counts are means over the seeds; left out: groups without rows or log q.'),
        'faint',
        indent,
      ),
    ];
  }

  #unseen(): string[] {
    return unseenTexts(this.report).flatMap(({ limit, reason }) => [
      ...this.wrapped(limit, null, indent),
      ...this.wrapped(reason, 'faint', indent + indent),
    ]);
  }

  #label(metric: string): string {
    const metricOfId = trialMetrics.find(({ id }) => id === metric);
    return metricOfId ? this.text(metricOfId.label) : metric;
  }
}
