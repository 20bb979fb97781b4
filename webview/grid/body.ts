import { formatCount } from '../../src/core/table/format.ts';
import { isNumeric } from '../../src/core/table/type.ts';
import { sourceMark } from '../charts/sourceMark.ts';
import { t } from '../strings.ts';
import { cellContent, wholeText, isMono, waiting, type CellContent } from './cellContent.ts';
import { nothing, render } from 'lit';
import { FloatColumns } from './floatColumns.ts';
import { rowHeight } from './geometry.ts';
import type { GroupColumns } from './groupColumns.ts';
import { groupHead } from './groupHead.ts';
import type { GroupRows, Line } from './groupRows.ts';
import type { Lane, Layout } from './layout.ts';
import type { Pages } from './pages.ts';
import { contains, isSingle, type Rectangle } from './selection.ts';
import type { Meaning } from './meaning.ts';
import type { Widths } from './widths.ts';

/** Cells next to the cell that reports that they cannot be read. */
const silent: CellContent = { text: '', kind: 'unreadable', mark: null };

interface PooledRow {
  readonly element: HTMLElement;
  readonly number: HTMLElement;
  readonly cells: Map<number, HTMLElement>;
  readonly spare: HTMLElement[];
  /** Where the head of a group is drawn; empty in other rows. */
  readonly head: HTMLElement;
}

export interface BodyModel {
  readonly layout: Layout;
  readonly positions: readonly number[];
  readonly first: number;
  readonly end: number;
  /** Pixels of all rows above the viewport. */
  readonly top: number;
  /** Pixels of the unpinned columns left of the viewport. */
  readonly left: number;
  /** True if the view has every row of the file in file order; then the number of an unreadable row is known. */
  readonly inFileOrder: boolean;
  readonly pages: Pages;
  /** The groups of a grouped view. */
  readonly groups: GroupRows | null;
  readonly groupColumns: GroupColumns;
  readonly meaning: Meaning;
  readonly selected: Rectangle;
  readonly active: { readonly row: number; readonly position: number };
  /** False while Tab moves the focus to the header. */
  readonly reachable: boolean;
}

/** The visible rows. Elements are reused: row r is drawn by element r modulo their number. */
export class Body {
  private readonly pool: PooledRow[] = [];
  private readonly floats = new FloatColumns();
  private layout: Layout | null = null;

  constructor(private readonly element: HTMLElement) {}

  /** Drops the cached number formats of the columns. */
  reset(): void {
    this.floats.reset();
  }

  cellAt(row: number, position: number): HTMLElement | null {
    const pooled = this.pool[row % Math.max(1, this.pool.length)];
    if (pooled?.element.dataset['row'] !== String(row)) return null;
    return pooled.head.querySelector<HTMLElement>('.group-head') ?? pooled.cells.get(position) ?? null;
  }

  /** Draws, and reports visible texts to `widths`. Returns true if every visible cell is loaded. */
  draw(model: BodyModel, widths: Widths): boolean {
    const { first, end, layout } = model;
    this.grow(end - first);
    if (layout !== this.layout) for (const { cells, spare } of this.pool) this.spareAll(cells, spare);
    this.layout = layout;
    const lanes = model.positions.flatMap((position) => {
      const lane = layout.lanes[position];
      return lane ? [{ position, lane, contents: this.contents(lane, model, widths) }] : [];
    });
    const isSingleCell = isSingle(model.selected);
    let complete = true;
    this.pool.forEach((pooled, slot) => {
      const row = first + ((slot - (first % this.pool.length) + this.pool.length) % this.pool.length);
      const isVisible = row < end;
      pooled.element.hidden = !isVisible;
      if (!isVisible) {
        pooled.element.dataset['row'] = '';
        return;
      }
      const { element } = pooled;
      element.dataset['row'] = String(row);
      const line = model.groups?.lineAt(row);
      this.drawGroup(pooled, line, model);
      const positive = model.meaning.isPositive(row);
      element.ariaRowIndex = String(row + 2);
      element.style.transform = `translateY(${row * rowHeight - model.top}px)`;
      element.classList.toggle('positive', positive);
      element.classList.toggle('on', isSingleCell && row === model.active.row);
      if (line?.kind === 'head') {
        if (!model.groups?.head(line.group)) complete = false;
        return;
      }
      this.drawNumber(pooled, row, model, row >= model.selected.top && row <= model.selected.bottom);
      const keep = new Set(model.positions);
      for (const [position, cell] of pooled.cells) {
        if (keep.has(position)) continue;
        pooled.cells.delete(position);
        cell.remove();
        pooled.spare.push(cell);
      }
      let said = false;
      for (const { position, lane, contents } of lanes) {
        let content = contents[row - first] ?? waiting;
        if (content.kind === 'waiting') complete = false;
        // Show the text once for adjacent cells, across their width, where it fits.
        if (content.kind !== 'unreadable') said = false;
        else if (said || (!lane.pinned && lane.x < model.left)) content = silent;
        else said = true;
        const cell = pooled.cells.get(position) ?? this.take(pooled, position, lane);
        const isActive = row === model.active.row && position === model.active.position;
        cell.tabIndex = isActive && model.reachable ? 0 : -1;
        cell.classList.toggle('active', isActive);
        const inside = contains(model.selected, row, position);
        cell.classList.toggle('selected', inside && !isSingleCell);
        cell.ariaSelected = String(inside);
        fill(cell, content, lane, positive, model.meaning);
      }
    });
    return complete;
  }

  /** Draws the head of a group, or clears it. Says to screen readers which rows belong to the group. */
  private drawGroup(
    { element, head, number, cells, spare }: PooledRow,
    line: Line | undefined,
    model: BodyModel,
  ): void {
    const isHead = line?.kind === 'head';
    const { groups } = model;
    element.classList.toggle('group', isHead);
    number.hidden = isHead;
    const attributes: Record<string, string | null> = {
      'aria-level': line === undefined ? null : isHead ? '1' : '2',
      'aria-expanded': isHead && groups ? String(groups.isOpen(line.group)) : null,
    };
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null) element.removeAttribute(name);
      else element.setAttribute(name, value);
    }
    if (isHead && groups) {
      this.spareAll(cells, spare);
      const isActive = Number(element.dataset['row']) === model.active.row;
      render(
        groupHead({
          head: groups.head(line.group),
          isOpen: groups.isOpen(line.group),
          isActive,
          isReachable: model.reachable,
          columns: model.groupColumns,
        }),
        head,
      );
    } else if (head.childElementCount > 0) render(nothing, head);
  }

  private contents(lane: Lane, { pages, first, end, meaning }: BodyModel, widths: Widths): CellContent[] {
    const cells = Array.from({ length: end - first }, (_, k) => pages.cell(first + k, lane.index));
    const floats =
      lane.column.type.kind === 'float'
        ? this.floats.texts(
            lane.index,
            lane.column.type.bits,
            cells.map((cell) => cell?.number ?? null),
          )
        : null;
    return cells.map((cell, k) => {
      if (!cell)
        return pages.isUnreadable(first + k, lane.index)
          ? { text: t('cannot be read'), kind: 'unreadable', mark: null }
          : waiting;
      if (cell.text === null && lane.index === meaning.source && meaning.isPositive(first + k))
        return { text: t('positive'), kind: 'implied', mark: null };
      const content =
        floats && cell.number !== null
          ? { text: floats[k] ?? '', kind: 'value' as const, mark: null }
          : cellContent(lane.column, cell);
      if (content.kind === 'value') widths.see(lane.index, wholeText(content));
      return content;
    });
  }

  private drawNumber({ number }: PooledRow, row: number, { pages, inFileOrder }: BodyModel, selected: boolean): void {
    const source = pages.sourceRow(row) ?? (inFileOrder && pages.isUnreadable(row) ? row : null);
    setText(number, source === null ? '' : formatCount(source + 1));
    number.classList.toggle('selected', selected);
  }

  private take({ element, cells, spare }: PooledRow, position: number, lane: Lane): HTMLElement {
    const cell = element.appendChild(spare.pop() ?? document.createElement('div'));
    cell.className = 'cell';
    cell.classList.toggle('pinned', lane.pinned);
    cell.classList.toggle('numeric', isNumeric(lane.column.type));
    cell.classList.toggle('mono', isMono(lane.column.type));
    cell.setAttribute('role', 'gridcell');
    cell.ariaColIndex = String(position + 2);
    cell.dataset['position'] = String(position);
    cell.dataset['drawn'] = '';
    cell.style.left = `${lane.x}px`;
    cell.style.width = `${lane.width}px`;
    cells.set(position, cell);
    return cell;
  }

  /** The first position takes its element again first, so that a new layout does not move elements to other columns. */
  private spareAll(cells: Map<number, HTMLElement>, spare: HTMLElement[]): void {
    for (const [, cell] of [...cells].sort(([a], [b]) => b - a)) {
      cell.remove();
      spare.push(cell);
    }
    cells.clear();
  }

  /** One row more than fits, because scrolling by less than a row shows parts of two rows. */
  private grow(rows: number): void {
    while (this.pool.length < rows) {
      const element = document.createElement('div');
      element.className = 'row';
      element.setAttribute('role', 'row');
      const number = document.createElement('div');
      number.className = 'cell row-number';
      number.setAttribute('role', 'rowheader');
      number.ariaColIndex = '1';
      const head = document.createElement('div');
      head.className = 'group-place';
      head.setAttribute('role', 'presentation');
      element.append(number, head);
      this.element.append(element);
      this.pool.push({ element, number, cells: new Map(), spare: [], head });
    }
  }
}

/** Updates a cell only if its content changed. */
function fill(cell: HTMLElement, content: CellContent, lane: Lane, positive: boolean, meaning: Meaning): void {
  const checked = positive && lane.index === meaning.label;
  const contentKey = `${content.kind}${checked ? '+' : ''}${content.mark ?? ''} ${wholeText(content)}`;
  cell.classList.toggle('strong', positive && (lane.index === meaning.title || lane.index === meaning.label));
  if (cell.dataset['drawn'] === contentKey) return;
  cell.dataset['drawn'] = contentKey;
  cell.classList.toggle('null', content.kind === 'null');
  cell.classList.toggle('empty', content.kind === 'empty');
  cell.classList.toggle('implied', content.kind === 'implied');
  cell.classList.toggle('waiting', content.kind === 'waiting');
  cell.classList.toggle('unreadable', content.kind === 'unreadable');
  cell.classList.toggle('says', content.kind === 'unreadable' && content.text !== '');
  cell.replaceChildren();
  if (content.mark !== null) cell.append(glyph(content.mark));
  if (checked) {
    const check = document.createElement('span');
    check.className = 'codicon codicon-check';
    check.ariaHidden = 'true';
    cell.append(check);
  }
  cell.append(content.text);
  if (content.note !== undefined) {
    const note = document.createElement('span');
    note.className = 'note';
    note.textContent = ` ${content.note}`;
    cell.append(note);
  }
}

function glyph(source: string): SVGElement {
  const { family, path, hollow } = sourceMark(source);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'glyph');
  svg.setAttribute('viewBox', '-1 -1 12 12');
  svg.setAttribute('aria-hidden', 'true');
  const shape = svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'path'));
  shape.setAttribute('d', path);
  shape.setAttribute('class', hollow ? `line-${family}` : `fill-${family}`);
  return svg;
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
