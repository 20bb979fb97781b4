import { css, html, nothing, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { f64At } from '../../src/core/valueAt.ts';
import { LightElement } from '../element.ts';

/** A line of a list; heights are in CSS pixels. */
export interface Line {
  readonly key: string;
  /** If `still`, the height is measured instead. */
  readonly height: number;
  readonly level: 1 | 2;
  /** The arrow keys skip it, because it belongs to the line above. */
  readonly still: boolean;
}

/** Extra pixels drawn beyond the visible lines, so that scrolling shows no gap. */
const margin = 220;
const headingHeight = 24;

/**
 * A tree of any number of lines with a heading; only visible lines are elements. One line is active and receives the
 * keys.
 */
export abstract class LineList<L extends Line> extends LightElement {
  static override sheets = [
    css`
    .line-list {
      flex: 1;
      min-height: 0;
      display: flex;
      flex-direction: column;
      container-type: inline-size;
      font-size: 12px;
      line-height: 16px;
    }
    .line-list .scroll { flex: 1; min-height: 0; overflow-y: auto; overflow-x: hidden; position: relative; }
    .line-list .heading {
      position: sticky;
      top: 0;
      z-index: 1;
      height: 24px;
      align-items: center;
      background: var(--vscode-editor-background);
      font-size: 11px;
      color: var(--rs-muted);
      border-bottom: 1px solid var(--vscode-panel-border);
    }
    .line-list .items { position: relative; }
    .line-list .line { position: absolute; left: 0; right: 0; }
    .line-list .line:not(.still) { height: 22px; align-items: center; cursor: default; white-space: nowrap; }
    .line-list .line:not(.still):hover { background: var(--vscode-list-hoverBackground); }
    .line-list .line.group {
      background: var(--vscode-tree-tableOddRowsBackground);
      border-top: 1px solid var(--rs-line);
    }
    .line-list .line.active { background: var(--vscode-list-inactiveSelectionBackground); }
    .line-list:focus-within .line.active {
      background: var(--vscode-list-activeSelectionBackground);
      color: var(--vscode-list-activeSelectionForeground);
    }
    .line-list .line.active .muted, .line-list .line.active .caption { color: inherit; }
    body.vscode-high-contrast .line-list .line.active {
      outline: 1px dashed var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
      outline-offset: -1px;
    }
    body.vscode-high-contrast .line-list:focus-within .line.active { outline-style: solid; }
  `,
  ];
  @state() private top = 0;
  @state() private height = 0;
  /** Pixels of the whole list; 0 before it was measured. */
  @state() protected width = 0;
  @query('.scroll') private scroller!: HTMLElement;
  protected activeKey = '';
  private readonly resized = new ResizeObserver(() => {
    this.height = this.scroller.clientHeight;
    this.width = this.clientWidth;
  });
  private readonly measured = new Map<string, number>();
  private shown: readonly L[] = [];
  private offsets: Float64Array = new Float64Array(1);
  private places = new Map<string, number>();
  private focusWanted = false;
  private remeasured = false;
  private revealWanted = false;

  protected abstract lines(): readonly L[];
  protected abstract label(): string;
  protected abstract heading(): TemplateResult;
  protected abstract line(line: L, active: boolean): TemplateResult;
  /** The CSS classes and ARIA state of a line. */
  protected abstract appearance(line: L): { readonly classes: string; readonly expanded: boolean | null };
  /** Handles a key that does not move; true if the key was used. */
  protected abstract act(event: KeyboardEvent, line: L): boolean;
  protected abstract press(event: MouseEvent, line: L): void;

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('line-list');
  }

  protected override firstUpdated(): void {
    this.resized.observe(this.scroller);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  protected override willUpdate(): void {
    const lines = this.lines();
    if (lines === this.shown && !this.remeasured) return;
    if (lines !== this.shown) this.take(lines);
    this.remeasured = false;
    this.offsets = new Float64Array(lines.length + 1);
    lines.forEach((line, place) => {
      this.offsets[place + 1] = f64At(this.offsets, place) + this.heightOf(line);
    });
  }

  protected override render(): TemplateResult {
    const { shown: lines } = this;
    const first = this.placeAt(this.top - headingHeight - margin);
    const end = Math.min(lines.length, this.placeAt(this.top + this.height + margin) + 1);
    const visibleLines = lines.slice(first, end);
    const active = this.activePlace;
    // Tab must reach a line that exists as an element, even if the active one is scrolled away.
    const reachable =
      active >= first && active < end
        ? active
        : lines.findIndex(({ still }, place) => place >= this.placeAt(this.top) && !still);
    return html`<div class="scroll" role="treegrid" tabindex=${lines.length === 0 ? 0 : -1} aria-label=${this.label()} aria-rowcount=${lines.length + 1} @scroll=${() => {
      this.top = this.scroller.scrollTop;
    }} @keydown=${(event: KeyboardEvent) => this.key(event)}>
      <div role="rowgroup" class="heading-group">${this.heading()}</div>
      <div class="items" role="rowgroup">${repeat(
        visibleLines,
        ({ key }) => key,
        (line, k) => {
          const index = first + k;
          const { classes, expanded } = this.appearance(line);
          return html`<div class="line ${classes} ${line.still ? 'still' : ''} ${index === active ? 'active' : ''}" role="row" data-key=${line.key} aria-rowindex=${index + 2} aria-level=${line.level}
          aria-expanded=${expanded === null ? nothing : String(expanded)} aria-selected=${line.still ? nothing : String(index === active)} tabindex=${line.still ? nothing : index === reachable ? 0 : -1}
          @click=${(event: MouseEvent) => this.clicked(event, line)} @contextmenu=${(event: MouseEvent) => this.clicked(event, line)}>${this.line(line, index === active)}</div>`;
        },
      )}</div></div>`;
  }

  protected override updated(): void {
    const items = this.querySelector<HTMLElement>('.items');
    if (items) items.style.height = `${this.offsets.at(-1) ?? 0}px`;
    for (const element of this.querySelectorAll<HTMLElement>('.items > .line')) {
      const key = element.dataset['key'] ?? '';
      const index = this.places.get(key) ?? 0;
      element.style.transform = `translateY(${f64At(this.offsets, index)}px)`;
      if (!element.classList.contains('still')) continue;
      const { offsetHeight } = element;
      if (offsetHeight > 0 && offsetHeight !== this.measured.get(key)) {
        this.measured.set(key, offsetHeight);
        this.remeasured = true;
      }
    }
    if (this.remeasured) this.requestUpdate();
    if (this.revealWanted) {
      this.revealWanted = this.remeasured;
      this.reveal(this.activePlace);
    }
    if (this.focusWanted) {
      this.focusWanted = false;
      this.element(this.activeKey)?.focus({ preventScroll: true });
    }
  }

  /** Makes a line active, scrolls to it and focuses it. */
  protected choose(key: string, focus = true): void {
    const index = this.places.get(key);
    if (index === undefined) return;
    this.activeKey = key;
    this.focusWanted = focus;
    this.reveal(index);
    this.requestUpdate();
  }

  /** After drawing, scrolls to what was expanded below the active line. */
  protected revealUnfolded(): void {
    this.revealWanted = true;
    this.requestUpdate();
  }

  protected element(key: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(`.items > [data-key="${CSS.escape(key)}"]`);
  }

  protected get activeLine(): L | null {
    return this.shown[this.activePlace] ?? null;
  }

  protected move(from: number, step: 1 | -1, accept: (line: L) => boolean = () => true): void {
    for (let index = from + step; index >= 0 && index < this.shown.length; index += step) {
      const line = this.shown[index];
      if (!line || line.still || !accept(line)) continue;
      this.choose(line.key);
      return;
    }
  }

  protected get activePlace(): number {
    return Math.max(0, this.places.get(this.activeKey) ?? 0);
  }

  /** Takes new lines: keeps the active line, or activates the line in its place. */
  private take(lines: readonly L[]): void {
    const index = this.activePlace;
    this.shown = lines;
    this.places = new Map(lines.map(({ key }, k) => [key, k]));
    if (this.activeKey === '' || this.places.has(this.activeKey)) return;
    const next = lines.slice(0, index + 1).findLast(({ still }) => !still);
    this.activeKey = next?.key ?? '';
    this.focusWanted = this.contains(document.activeElement);
  }

  private heightOf(line: Line): number {
    return line.still ? (this.measured.get(line.key) ?? line.height) : line.height;
  }

  /** The line at a pixel offset from the top; beyond the end, the last line. */
  private placeAt(pixels: number): number {
    let low = 0;
    let high = this.shown.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (f64At(this.offsets, middle) <= pixels) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  private reveal(place: number): void {
    const { scroller } = this;
    const start = f64At(this.offsets, place);
    // Include the lines that belong to this line, as far as they fit.
    let below = place + 1;
    while (this.shown[below]?.still === true) below++;
    const end = Math.min(this.offsets[below] ?? start, start + scroller.clientHeight - headingHeight);
    if (start < scroller.scrollTop) scroller.scrollTop = start;
    else if (end > scroller.scrollTop + scroller.clientHeight - headingHeight)
      scroller.scrollTop = end - scroller.clientHeight + headingHeight;
    this.top = scroller.scrollTop;
  }

  private clicked(event: MouseEvent, line: L): void {
    if (!line.still) this.choose(line.key);
    this.press(event, line);
  }

  private key(event: KeyboardEvent): void {
    const { activeLine } = this;
    if (!activeLine || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((this.height - headingHeight) / 22) - 1);
    const activeIndex = this.activePlace;
    switch (event.key) {
      case 'ArrowDown':
        this.move(activeIndex, 1);
        break;
      case 'ArrowUp':
        this.move(activeIndex, -1);
        break;
      case 'PageDown':
        this.move(Math.min(this.shown.length, activeIndex + page) - 1, 1);
        break;
      case 'PageUp':
        this.move(Math.max(-1, activeIndex - page) + 1, -1);
        break;
      case 'Home':
        this.move(-1, 1);
        break;
      case 'End':
        this.move(this.shown.length, -1);
        break;
      default:
        if (!this.act(event, activeLine)) return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
