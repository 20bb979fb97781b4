import { unknownTexts } from './unknownTexts.ts';
import { formatCount } from '../table/format.ts';
import type { ItemFacts, Preview, PreviewUser } from '../sampling/answers.ts';
import type { PreviewGroup, PreviewRow } from '../sampling/drawn.ts';
import { requestedIn } from '../sampling/requested.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { distanceText, distanceTitles, nearness } from './distance.ts';
import { amountOf, logText, noEvents, percentileText, tableText, timeText, whyText } from './drawnText.ts';
import { effectiveTable } from './effectiveText.ts';
import { inBatchOrigin, inBatchParts, inBatchSource, inBatchTotalParts } from './inBatchText.ts';
import { message, type Message } from '../message/message.ts';
import { mixTable } from './mixTable.ts';
import { reasonOfItems, reasonsIn, repeatedText } from './reasons.ts';
import { isShownByDefault, rowColumns, type RowColumn } from './rowColumns.ts';
import { sourceGlyph } from './sourceGlyph.ts';
import { printable, printableId } from '../message/printable.ts';
import { cellWidth, fitCells, padCells, wrapCells } from './cells.ts';
import { historyText } from './historyText.ts';
import { eventsText } from './eventsText.ts';
import { userLeftOut } from './pairText.ts';
import { nullTexts } from './nullTexts.ts';
import { historyLines } from './sequenceText.ts';
import { teacherParts } from './teacherText.ts';
import { gap, type Cell } from './textTable.ts';
import { TextWriter, type TextOptions } from './textWriter.ts';
import { ownValue } from '../ownValue.ts';

/** Width of percentiles and logarithms, including their heads. */
const numberCells = 10;
const attributeCells = 16;
const leastTitleCells = 12;
const mostTitleCells = 32;
/** If fewer cells remain for the reason, titles and attributes shrink. */
const leastReasonCells = 26;

export interface PreviewTextOptions extends TextOptions {
  /** The config, as the user named it. */
  readonly config: string;
  /** Ids of the columns to show, see `rowColumns`. Missing: those of `isShownByDefault`, as far as they fit. */
  readonly columns?: readonly string[];
}

/** The report for a terminal: every user with the rows of each group, then the totals. */
export function previewText(plan: StagePlan, preview: Preview, options: PreviewTextOptions): string {
  const writer = new Writer(plan, preview, options);
  return `${[...writer.head(), ...preview.users.flatMap((user) => ['', ...writer.user(user), ...historyLines(preview, user, options)]), '', ...writer.totals(), ...writer.notices()].join('\n')}\n`;
}

export function groupsText(count: number): Message {
  return count === 1 ? message('1 group') : message('{0} groups', formatCount(count));
}

class Writer extends TextWriter<PreviewTextOptions> {
  /** Only the first attribute is shown: it is enough to recognise an item. */
  private readonly attribute: string | undefined;
  /** Cells for titles; 0 if there are no titles. */
  private readonly titleCells: number;
  /** Copied columns and others of the file. */
  private readonly columns: ReturnType<typeof shownColumns>;

  constructor(
    private readonly plan: StagePlan,
    private readonly preview: Preview,
    options: PreviewTextOptions,
  ) {
    super(options);
    const items = Object.values(preview.facts.items);
    const attributes = Object.keys(items[0]?.attributes ?? {});
    const widest = (texts: readonly string[]): number =>
      Math.max(0, ...texts.map((text) => cellWidth(printable(text))));
    const ids = widest(Object.keys(preview.facts.items)) + widest(plan.entries.map(({ name }) => name));
    const free = options.width - 1 - ids - 2 * numberCells - 6 * gap.length - leastReasonCells;
    this.columns = shownColumns(plan, preview, options.columns, free);
    const copied = this.columns.shown.map(({ column }) => column.copiedColumn);
    // A copied column that already shows it replaces the attribute.
    const isCopied = copied.some((one) => one?.from === 'items' && one.column === attributes[0]);
    const attribute = isCopied ? undefined : attributes[0];
    const left = free - this.columns.shown.reduce((sum, { cells }) => sum + cells + gap.length, 0);
    const attributeWidth =
      attribute === undefined
        ? 0
        : Math.min(attributeCells, widest(items.map(({ attributes }) => ownValue(attributes, attribute) ?? ''))) +
          gap.length;
    const titled = items.some(({ title }) => title !== null);
    this.attribute = left >= attributeWidth + (titled ? leastTitleCells : 0) ? attribute : undefined;
    const titleWidth = left - (this.attribute === undefined ? 0 : attributeWidth);
    this.titleCells = titled && titleWidth >= leastTitleCells ? Math.min(mostTitleCells, titleWidth) : 0;
  }

  head(): string[] {
    const { stage, split, seed, epoch } = this.plan;
    const { facts } = this.preview;
    const parts = [
      stage,
      split,
      this.text(message('seed {0}', printable(seed))),
      this.text(message('epoch {0}', epoch)),
      this.text(message('cut {0}', timeText(facts.cut))),
      ...(facts.corpus === null ? [] : [this.text(message('corpus of {0}', formatCount(facts.corpus)))]),
    ];
    return [
      this.paint('strong', this.fitLine(printable(this.options.config))),
      this.fitLine(parts.join(' · ')),
      ...this.hidden(),
    ];
  }

  /** Columns for which the line has no room. */
  private hidden(): string[] {
    const { hidden } = this.columns;
    if (hidden.length === 0) return [];
    const names = hidden.map(({ name }) => printable(name)).join(', ');
    return wrapCells(
      this.text(message('Columns not shown: {0}. Choose columns with --columns.', names)),
      this.options.width,
    );
  }

  user(user: PreviewUser): string[] {
    if (!user.isKnown)
      return [
        this.fitLine(
          `${this.paint('strong', printableId(user.user))}${gap}${this.text(message('no rows in the log'))}`,
        ),
      ];
    const attributes = Object.values(user.attributes)
      .filter((value) => value !== null)
      .map(printable);
    const facts = [
      this.text(message('{0} shown', formatCount(user.impressions))),
      this.text(message('{0} with a positive event', formatCount(user.positiveImpressions))),
      this.groupCount(user),
      ...attributes,
    ];
    const title =
      this.paint('strong', printableId(user.user)) +
      gap +
      fitCells(facts.join(' · '), Math.max(0, this.options.width - cellWidth(printableId(user.user)) - gap.length));
    const leftOut = user.leftOut ? this.wrapped(userLeftOut(user.leftOut), null, gap) : [];
    if (user.groups.length === 0) return [title, ...leftOut];
    const head: Cell[] = [
      { text: '' },
      { text: this.text(message('entry')) },
      { text: this.text(message('item')) },
      ...(this.titleCells > 0 ? [{ text: this.text(message('title')) }] : []),
      ...(this.attribute === undefined ? [] : [{ text: printable(this.attribute) }]),
      ...this.columns.shown.map(({ column: { name, isNumber } }): Cell => ({
        text: printable(name),
        ...(isNumber ? { align: 'right' } : {}),
      })),
      { text: this.text(message('percentile')), align: 'right' },
      { text: 'log q', align: 'right' },
      { text: this.text(message('why this item')) },
    ];
    const limits = [
      1,
      28,
      40,
      ...(this.titleCells > 0 ? [this.titleCells] : []),
      ...(this.attribute === undefined ? [] : [attributeCells]),
      ...this.columns.shown.map(({ cells }) => cells),
      numberCells,
      numberCells,
      this.options.width,
    ];
    return [
      title,
      ...leftOut,
      ...this.table(
        head,
        user.groups.flatMap((group) => this.group(group)),
        limits,
      ),
    ];
  }

  private groupCount({ groupCount, groups }: PreviewUser): string {
    return groups.length === groupCount
      ? this.text(groupsText(groupCount))
      : this.text(message('{0} of {1} groups', formatCount(groups.length), formatCount(groupCount)));
  }

  private group(group: PreviewGroup): Cell[][] {
    const { requestedRows, drawnRows } = amountOf(group);
    const amount =
      this.plan.unit === 'impression' ? '' : ` · ${this.text(message('{0} of {1}', drawnRows, requestedRows))}`;
    const at = `${timeText(group.time)}${amount}`;
    const rows = [
      ...group.rows.map((row) => this.row(row, group, at)),
      ...this.repeated(group),
      ...this.inBatch(group),
    ];
    if (group.rows.some(({ label }) => label === 1) || this.plan.unit === 'impression') return rows;
    const request = this.text(message('request without positive'));
    return [
      this.note({ text: '∅', tone: 'faint' }, { text: request, tone: 'strong' }, printable(group.request ?? ''), at),
      ...rows,
    ];
  }

  /** The draws that `distinct` dropped. */
  private repeated({ repeated = [] }: PreviewGroup): Cell[][] {
    return repeated.map(({ entry, item }) =>
      this.note({ text: '⊘', tone: 'faint' }, { text: printable(entry) }, printableId(item), this.text(repeatedText)),
    );
  }

  /** One line for the trainer's batch of a positive. */
  private inBatch({ inBatch }: PreviewGroup): Cell[][] {
    if (!inBatch) return [];
    const parts = inBatchParts(inBatch)
      .map((part) => this.text(part))
      .join(' · ');
    const batch = this.text(message('batch {0}', formatCount(inBatch.batch + 1)));
    return [this.note({ text: sourceGlyph(inBatchSource), tone: 'accent' }, { text: inBatchSource }, batch, parts)];
  }

  /** A line that is no row of the file: the columns between the item and the reason are empty. */
  private note(glyph: Cell, name: Cell, item: string, reason: string): Cell[] {
    const described = (this.titleCells > 0 ? 1 : 0) + (this.attribute === undefined ? 0 : 1);
    const blank = Array.from({ length: described + this.columns.shown.length + 2 }, () => ({ text: '' }));
    return [glyph, name, { text: item }, ...blank, { text: reason }];
  }

  private row(row: PreviewRow, group: PreviewGroup, at: string): Cell[] {
    const facts = ownValue(this.preview.facts.items, row.item);
    const positive = row.why.kind === 'positive' || (row.why.kind === 'exposure' && row.label === 1);
    const short = this.text(whyText(row, group));
    const table = row.why.kind === 'pool' ? tableText(row.why) : null;
    const counted = table === null ? '' : ` · ${printable(this.text(table))}`;
    const turn = row.why.kind === 'list' && row.why.channel !== null ? ` · ${printable(row.why.channel)}` : '';
    const rejected = row.why.kind === 'pool' && row.why.rejected.length > 0 ? `${gap}⊘ ${row.why.rejected.length}` : '';
    const why =
      row.why.kind === 'pool' || row.why.kind === 'list' ? short + counted + turn + rejected : `${short} · ${at}`;
    const tone = positive ? { tone: 'strong' as const } : {};
    return [
      { text: positive ? '✓' : sourceGlyph(row.source), tone: positive ? 'strong' : 'accent' },
      { text: positive ? this.text(message('positive')) : printable(row.entry ?? ''), ...tone },
      { text: printableId(row.item), ...tone },
      ...(this.titleCells > 0 ? [{ text: printable(facts?.title ?? ''), ...tone }] : []),
      ...(this.attribute === undefined ? [] : [this.attributeCell(facts)]),
      ...this.columns.shown.map(({ column }) => columnCell(column, row)),
      { text: percentileText(facts?.percentile, this.text(noEvents)), align: 'right' },
      { text: logText(row.logQ), align: 'right' },
      { text: why },
    ];
  }

  private attributeCell(facts: ItemFacts | undefined): Cell {
    const value = ownValue(facts?.attributes, this.attribute ?? '') ?? null;
    return value === null ? { text: '∅', tone: 'faint' } : { text: printable(value) };
  }

  totals(): string[] {
    const { users, totals, facts } = this.preview;
    const asked = requestedIn(totals.entries);
    const counts = [
      this.text(users.length === 1 ? message('1 user') : message('{0} users', users.length)),
      this.text(groupsText(totals.groups)),
      this.text(
        totals.positives === 1 ? message('1 positive') : message('{0} positives', formatCount(totals.positives)),
      ),
    ];
    // If the number of negatives is unknown, no negatives were requested. This is already reported.
    const asks = this.plan.amounts.kind !== 'none' && totals.entries.length > 0;
    const negatives = !asks
      ? message('{0} negatives', formatCount(totals.negatives))
      : message('{0} of {1} negatives', formatCount(totals.negatives), formatCount(asked));
    const lines = [this.paint('strong', this.fitLine([...counts, this.text(negatives)].join(' · ')))];
    lines.push(
      ...(asks ? mixTable(totals.entries, this.options, facts.exposureDistance) : []),
      ...(asks && facts.exposureDistance !== null ? [this.fitLine(this.distanceNote(facts.exposureDistance))] : []),
      ...effectiveTable(this.plan, totals.effective, this.options),
      ...this.teacher(),
      ...this.events(),
      ...this.inBatchTotals(),
      ...(asks ? this.rejections() : []),
    );
    return lines;
  }

  /** What the distances of the table are measured to, and the distance of the exposures. */
  private distanceNote(ofExposures: number): string {
    const title = this.text(distanceTitles[this.plan.stage]);
    return this.text(message('{0} in bits, 0 to 1; exposures alone: {1}', title, distanceText(ofExposures)));
  }

  private teacher(): string[] {
    const { teacher } = this.preview.totals;
    if (!teacher) return [];
    const parts = [message('Teacher, rows with a value'), ...teacherParts(teacher)].map((part) => this.text(part));
    return ['', this.fitLine(parts.join(' · '))];
  }

  private events(): string[] {
    const { facts, histories = [] } = this.preview;
    const texts = [
      ...(facts.events ?? []).map(eventsText),
      ...histories.map(historyText),
      ...unknownTexts(facts.unknown ?? []),
      ...nullTexts(this.preview),
    ];
    if (texts.length === 0) return [];
    return ['', ...texts.flatMap((text) => wrapCells(printable(this.text(text)), this.options.width))];
  }

  /** Separate from the table of written rows. */
  private inBatchTotals(): string[] {
    const { inBatch, totals, facts } = this.preview;
    if (!inBatch) return [];
    const word = nearness(inBatch.distance, facts.exposureDistance);
    const distance =
      word === null ? [] : [message('distance {0}, {1}', distanceText(inBatch.distance), this.text(word))];
    const parts = [...inBatchTotalParts(inBatch, totals), ...distance].map((part) => this.text(part)).join(' · ');
    return [
      '',
      this.fitLine(`${this.paint('accent', sourceGlyph(inBatchSource))}${gap}${inBatchSource}${gap}${parts}`),
      this.fitLine(`${' '.repeat(1 + gap.length)}${this.text(inBatchOrigin(inBatch))}`),
    ];
  }

  private rejections(): string[] {
    const { rejections, entries } = this.preview.totals;
    const attempts = entries.reduce((sum, entry) => sum + entry.attempts, 0);
    const reasons = reasonsIn(rejections);
    if (reasons.length === 0) return [];
    const all = reasons.reduce((sum, reason) => sum + rejections[reason], 0);
    const width = Math.max(...reasons.map((reason) => cellWidth(formatCount(rejections[reason]))));
    return [
      '',
      this.fitLine(message('{0} of {1} draws rejected', formatCount(all), formatCount(attempts))),
      ...reasons.map((reason) =>
        this.fitLine(
          `${gap}${padCells(formatCount(rejections[reason]), width, 'right')}${gap}${this.text(reasonOfItems(reason, this.preview))}`,
        ),
      ),
    ];
  }

  notices(): string[] {
    const { notices } = this.preview;
    return notices.length === 0
      ? []
      : ['', ...notices.flatMap((notice) => wrapCells(printable(this.text(notice)), this.options.width))];
  }
}

function columnCell(column: RowColumn, row: PreviewRow): Cell {
  const { text } = column.cell(row);
  const align = column.isNumber ? { align: 'right' as const } : {};
  return text === null ? { text: '∅', tone: 'faint', ...align } : { text: text === '' ? '""' : text, ...align };
}

/**
 * The columns to show with their widths, and those left out because they do not fit.
 * @param named ids of columns that are shown whatever their width
 * @param free terminal cells
 */
function shownColumns(
  plan: StagePlan,
  { users, passed }: Preview,
  named: readonly string[] | undefined,
  free: number,
): { readonly shown: readonly { readonly column: RowColumn; readonly cells: number }[]; readonly hidden: RowColumn[] } {
  const all = rowColumns(plan, passed);
  const wanted = named?.flatMap((id) => all.find((one) => one.id === id) ?? []) ?? all.filter(isShownByDefault);
  const rows = users.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
  const shown: { column: RowColumn; cells: number }[] = [];
  const hidden: RowColumn[] = [];
  let left = free;
  for (const column of wanted) {
    const widest = rows.reduce((most, row) => Math.max(most, cellWidth(columnCell(column, row).text)), 0);
    const cells = Math.max(
      cellWidth(printable(column.name)),
      column.neverCut ? widest : Math.min(attributeCells, widest),
    );
    if (named === undefined && left < cells + gap.length) hidden.push(column);
    else {
      shown.push({ column, cells });
      left -= cells + gap.length;
    }
  }
  return { shown, hidden };
}
