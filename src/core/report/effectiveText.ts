import { message, render, type Message } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import type { EffectiveShares } from '../sampling/drawn.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { formatCount, formatFloat, formatPercent } from '../table/format.ts';
import { valueAt } from '../valueAt.ts';
import { fitCells } from './cells.ts';
import { inBatchSource } from './inBatchText.ts';
import type { TextOptions } from './textWriter.ts';
import { painter } from './paint.ts';
import { sourceGlyph } from './sourceGlyph.ts';
import { shareBar } from './sparkline.ts';
import { textTable, type Cell } from './textTable.ts';

const BAR_CELLS = 16;

/** Lines of a table of the effective shares at equal scores, after an empty line; none for a plan without `logq`. */
export function effectiveTable(
  { entries, logq }: Pick<StagePlan, 'entries' | 'logq'>,
  effective: EffectiveShares | undefined,
  { width, colour, translate }: Pick<TextOptions, 'width' | 'colour' | 'translate'>,
): string[] {
  if (logq === undefined || effective === undefined) return [];
  const text = (m: Message): string => render(m, translate);
  const row = (source: string, name: string, share: number, expected: number | null): Cell[] => [
    { text: sourceGlyph(source), tone: 'accent' },
    { text: printable(name) },
    { text: formatPercent(share), align: 'right' },
    { text: shareBar(share, BAR_CELLS) },
    { text: expected === null ? '–' : formatFloat(expected, 3), align: 'right' },
  ];
  const head: Cell[] = [
    { text: '' },
    { text: text(message('entry')) },
    { text: text(message('share')), align: 'right' },
    { text: '' },
    { text: text(message('largest n·q')), align: 'right' },
  ];
  const rows = entries.map(({ name, source }, e) =>
    row(source, name, valueAt(effective.entries, e), effective.largestExpected[e] ?? null),
  );
  if (effective.inBatch !== null) rows.push(row(inBatchSource, inBatchSource, effective.inBatch, null));
  return [
    '',
    fitCells(text(message('Effective share at equal scores, with logq: {0}', logq)), width),
    ...textTable(head, rows, [1, 28, 12, BAR_CELLS, 12], { width, paint: painter(colour) }),
    ...(effective.uncorrected === 0
      ? []
      : [
          fitCells(
            text(
              message(
                '{0} positives have no logq_correction: leave them out of the loss',
                formatCount(effective.uncorrected),
              ),
            ),
            width,
          ),
        ]),
  ];
}
