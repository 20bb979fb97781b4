import { settingText } from './settingText.ts';
import { formatCount, formatPercent } from '../table/format.ts';
import type { ItemFacts } from '../sampling/answers.ts';
import type { ComparedDraw, ComparedRow, Comparison, GroupComparison, Overlap } from '../sampling/compare.ts';
import { columnChange } from './compareColumnsText.ts';
import { TextWriter, type TextOptions } from './textWriter.ts';
import { message, type Message } from '../message/message.ts';
import type { Tone } from './paint.ts';
import type { ComparedSide } from './compareJson.ts';
import { timeText } from './drawnText.ts';
import { sourceGlyph } from './sourceGlyph.ts';
import { shareBar } from './sparkline.ts';
import { printable, printableId } from '../message/printable.ts';
import { gap, type Cell } from './textTable.ts';
import { ownValue } from '../ownValue.ts';
import type { ComparedDistance } from '../sampling/compareDistances.ts';
import type { Stage } from '../schema/stage.ts';
import { distanceText, distanceTitles, nearness } from './distance.ts';
import { inBatchSource } from './inBatchText.ts';

const BAR_CELLS = 16;
const marks: Readonly<Record<ComparedRow['change'], { readonly mark: string; readonly tone?: Tone }>> = {
  same: { mark: ' ' },
  moved: { mark: '⇄' },
  out: { mark: '−', tone: 'error' },
  in: { mark: '+', tone: 'accent' },
};

/**
 * Terminal report: differences of the configs, the unchanged part of the draws, and the changed groups of each user.
 */
export function compareText(
  a: ComparedSide,
  b: ComparedSide,
  comparison: Comparison,
  options: TextOptions & { readonly items: Readonly<Record<string, ItemFacts>> },
): string {
  const writer = new Writer(comparison, options);
  return `${[...writer.head(a, b), ...writer.changes(), '', ...writer.totals(), ...writer.distances(a), ...comparison.users.flatMap((user) => ['', ...writer.user(user)])].join('\n')}\n`;
}

class Writer extends TextWriter<TextOptions & { readonly items: Readonly<Record<string, ItemFacts>> }> {
  constructor(
    private readonly comparison: Comparison,
    options: TextOptions & { readonly items: Readonly<Record<string, ItemFacts>> },
  ) {
    super(options);
  }

  head(a: ComparedSide, b: ComparedSide): string[] {
    const side = (name: string, { config, plan: { stage, split, seed, epoch } }: ComparedSide): string =>
      this.fitLine(
        `${this.paint('strong', name)}${gap}${[printable(config), stage, split, this.text(message('seed {0}', printable(seed))), this.text(message('epoch {0}', epoch))].join(' · ')}`,
      );
    return [side('A', a), side('B', b)];
  }

  changes(): string[] {
    const { changes, columns } = this.comparison;
    if (changes.length + columns.length === 0) return [this.fitLine(message('A and B have the same settings.'))];
    return [
      ...changes.map(({ path, a, b }) =>
        this.fitLine(`${gap}${printable(path)}${gap}${settingText(a)} → ${settingText(b)}`),
      ),
      ...columns.map((column) =>
        this.fitLine(
          `${gap}${this.text(message('pass-through column {0}', printable(column.name)))}${gap}${printable(this.text(columnChange(column)))}`,
        ),
      ),
    ];
  }

  /** How far the exposures and each entry are from the input of the stage, on both sides. */
  distances({ plan: { stage } }: ComparedSide): string[] {
    return distancesTable(this.comparison.distances, stage, this);
  }

  totals(): string[] {
    const { totals, entries } = this.comparison;
    const head: Cell[] = [
      { text: '' },
      { text: this.text(message('entry')) },
      { text: this.text(message('same')), align: 'right' },
      { text: this.text(message('larger of A and B')), align: 'right' },
      { text: '' },
    ];
    const rows = entries.map(({ name, source, same, larger }): Cell[] => [
      { text: sourceGlyph(source), tone: 'accent' },
      { text: printable(name) },
      { text: formatCount(same), align: 'right' },
      { text: formatCount(larger), align: 'right' },
      { text: shareBar(larger === 0 ? 0 : same / larger, BAR_CELLS) },
    ]);
    return [
      this.paint('strong', this.fitLine(this.overlap(totals))),
      ...this.table(head, rows, [1, 28, 12, 18, BAR_CELLS]),
    ];
  }

  user(user: Comparison['users'][number]): string[] {
    const changed = user.groups.filter(({ rows }) => rows.some(({ change }) => change !== 'same'));
    return [
      this.fitLine(`${this.paint('strong', printableId(user.user))}${gap}${this.overlap(user)}`),
      ...changed.flatMap((group) => this.group(group)),
    ];
  }

  private group({ item: positive, time, request, rows, ...overlap }: GroupComparison): string[] {
    const named = [...(positive === null ? [] : [printableId(positive)]), timeText(time)];
    const parts = [...named, ...(request === null ? [] : [printableId(request)])];
    const title = `${gap}${this.overlap(overlap)}${gap}${parts.join(' · ')}`;
    const cells = rows
      .filter(({ change }) => change !== 'same')
      .map(({ item, change, a, b }): Cell[] => {
        const { mark, tone } = marks[change];
        return [
          { text: '' },
          { text: mark, ...(tone ? { tone } : {}) },
          { text: printableId(item), ...(tone ? { tone } : {}) },
          { text: printable(ownValue(this.options.items, item)?.title ?? '') },
          { text: this.draw(a) },
          { text: this.draw(b) },
        ];
      });
    const head: Cell[] = [
      { text: '' },
      { text: '' },
      { text: this.text(message('item')) },
      { text: this.text(message('title')) },
      { text: 'A' },
      { text: 'B' },
    ];
    return [this.paint('faint', this.fitLine(title)), ...this.table(head, cells, [2, 1, 40, 28, 40, 40])];
  }

  private draw(draw: ComparedDraw | null): string {
    return draw === null ? '' : `${sourceGlyph(draw.source)} ${printable(draw.entry)} ${draw.draw + 1}`;
  }

  private overlap({ a, b, same, moved, out, in: incoming }: Omit<Overlap, 'rows'>): string {
    const larger = Math.max(a, b);
    const share = larger === 0 ? '' : `${formatPercent(same / larger)} · `;
    return (
      share +
      this.text(
        message(
          '{0} same ({1} with another draw or entry), {2} removed, {3} added',
          formatCount(same),
          formatCount(moved),
          formatCount(out),
          formatCount(incoming),
        ),
      )
    );
  }
}

/** Lines with the distances of both sides, as `recsample preview` measures them. Empty if there are none. */
function distancesTable(distances: readonly ComparedDistance[], stage: Stage, writer: TextWriter): string[] {
  if (distances.length === 0) return [];
  const text = (m: Message): string => writer.text(m);
  const exposures = distances.find(({ of }) => of === 'exposures');
  const cell = (distance: number | null, ofExposures: number | null | undefined): Cell => {
    const word = nearness(distance, ofExposures ?? null);
    return { text: word === null ? distanceText(distance) : `${text(word)} ${distanceText(distance)}`, align: 'right' };
  };
  const head: Cell[] = [
    { text: '' },
    { text: text(message('{0} in bits, 0 to 1', text(distanceTitles[stage]))) },
    { text: 'A', align: 'right' },
    { text: 'B', align: 'right' },
  ];
  const rows = distances.map(({ of, name, source, a, b }): Cell[] => {
    if (of === 'exposures')
      return [{ text: '' }, { text: text(message('exposures alone')) }, cell(a, null), cell(b, null)];
    return [
      { text: sourceGlyph(source ?? inBatchSource), tone: 'accent' },
      { text: printable(name ?? inBatchSource) },
      cell(a, exposures?.a),
      cell(b, exposures?.b),
    ];
  });
  return ['', ...writer.table(head, rows, [1, 48, 16, 16])];
}
