import { css, html, nothing, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatCount } from '../../src/core/table/format.ts';
import type { PreviewGroup } from '../../src/protocol/sampling.ts';
import { sourceInk } from '../charts/sourceMark.ts';
import { LightElement } from '../element.ts';
import { t } from '../strings.ts';
import { StoryAxis, revealing, wholeExtent, zoomed, type AxisKind, type Extent } from './storyAxis.ts';
import { glyph, glyphOf } from './storyGlyphs.ts';
import './storyOverview.ts';
import { badge, spanBar, type SpanLane } from './storySpans.ts';
import { positiveFrom, samePlace, type MarkPlace, type StoryLane, type StoryMark } from './storyLanes.ts';
import { cutLine, isInHistory, isSameSide, requestLine, stepsOf, stepStyles, type StepLane } from './storySteps.ts';
import { shortTime } from './texts.ts';

const laneHeight = 24;
const topHeight = 18;
const axisHeight = 20;
/** Width of the lane names in pixels, in a wide and in a narrow chart. */
const gutters = { wide: 180, narrow: 112, below: 560 };
/** Marks nearer than this, in pixels, are merged into a bar. */
const binWidth = 7;
const pageStep = 20;
/** A click this near to a mark, in pixels, chooses it. */
const reach = 12;

/** Numbers of the facts about the group, the end of the window, and each lane of steps. */
interface FactNumbers {
  readonly group: number | null;
  readonly edge: number | null;
  readonly steps: ReadonlyMap<string, number>;
}

/** Marks of a lane that are drawn as a single bar. */
interface Bin {
  x: number;
  readonly marks: StoryMark[];
}

/**
 * The lanes of a user's story over one axis of time. Marks that would overlap become a bar: the more marks, the taller.
 * Fires `active` when another mark becomes the active one, and `choose` on Enter or a double click.
 */
@customElement('rs-story-chart')
export class StoryChart extends LightElement {
  static override sheets = [
    css`
    rs-story-chart { display: block; min-width: 0; }
    rs-story-chart .story { position: relative; }
    rs-story-chart .plot { outline-offset: -1px; touch-action: pan-y; user-select: none; cursor: default; overflow: hidden; }
    rs-story-chart svg { display: block; }
    rs-story-chart .lanes { position: absolute; top: 0; margin-top: ${topHeight}px; left: 12px; width: calc(var(--story-gutter) - 20px); font-size: 11px; line-height: ${laneHeight}px; pointer-events: none; }
    rs-story-chart .lanes div { display: flex; align-items: center; gap: 6px; height: ${laneHeight}px; white-space: nowrap; }
    rs-story-chart .lanes .active { font-weight: 600; }
    rs-story-chart .lanes .count { margin-left: auto; color: var(--rs-muted); font-variant-numeric: tabular-nums; font-weight: 400; }
    rs-story-chart .lanes .codicon { font-size: 12px; width: 12px; }
    rs-story-chart rect.visit { fill: var(--vscode-tree-tableOddRowsBackground, transparent); }
    rs-story-chart line.lane { stroke: var(--rs-line); }
    rs-story-chart rect.other { fill: url(#story-hatch); }
    rs-story-chart .hatch { stroke: var(--vscode-charts-lines); stroke-opacity: 0.5; }
    rs-story-chart line.edge { stroke: var(--rs-muted); stroke-dasharray: 4 3; }
    rs-story-chart .ink { fill: var(--vscode-foreground); }
    rs-story-chart .shown { fill: none; stroke: var(--vscode-foreground); }
    rs-story-chart .shown.strong { fill: var(--vscode-foreground); }
    rs-story-chart .check { fill: none; stroke: var(--vscode-foreground); stroke-width: 1.5; }
    rs-story-chart .positive { fill: none; stroke: var(--vscode-foreground); stroke-width: 2.5; }
    rs-story-chart rect.weak { fill: var(--vscode-foreground); fill-opacity: 0.55; }
    rs-story-chart .apart { opacity: 0.45; }
    rs-story-chart rect.group { fill: none; stroke: var(--vscode-focusBorder); stroke-width: 1.5; }
    rs-story-chart rect.span { fill: var(--vscode-charts-lines); fill-opacity: 0.5; stroke: var(--rs-line); }
    rs-story-chart line.end { stroke: var(--vscode-foreground); stroke-width: 1.5; }
    rs-story-chart .never { fill: var(--vscode-editor-background); stroke: var(--vscode-foreground); stroke-width: 1.2; }
    rs-story-chart .badge { fill: var(--vscode-foreground); }
    rs-story-chart text.number { fill: var(--vscode-editor-background); font-size: 10px; font-weight: 600; }
    rs-story-chart line.group { stroke: var(--vscode-focusBorder); stroke-width: 1.5; }
    /* Only the exported picture shows these names: the page has its own, which can be cut. */
    rs-story-chart text.name { visibility: hidden; }
    rs-story-chart rect.active { fill: none; stroke: var(--vscode-focusBorder); stroke-width: 2; }
  `,
    stepStyles,
  ];
  @property({ attribute: false }) lanes: readonly StoryLane[] = [];
  @property({ attribute: false }) kind: AxisKind = 'compressed';
  @property({ attribute: false }) timezone = 'UTC';
  /** Microseconds are cut to milliseconds; null if there is no bound. */
  @property({ attribute: false }) window: { readonly from: number | null; readonly to: number | null } = {
    from: null,
    to: null,
  };
  /** Times that facts about the active group cover. */
  @property({ attribute: false }) spans: readonly SpanLane[] = [];
  @property({ attribute: false }) numbers: FactNumbers = { group: null, edge: null, steps: new Map() };
  /** The chosen group: that of the active mark, or that of the mark before a step. */
  @property({ attribute: false }) group: PreviewGroup | null = null;
  /** Its histories, by the name of their lane. */
  @property({ attribute: false }) steps: ReadonlyMap<string, StepLane> = new Map();
  @property({ attribute: false }) name: (lane: StoryLane) => string = ({ name }) => name;
  @state() active: MarkPlace | null = null;
  @state() private extent: Extent = wholeExtent;
  @state() private width = 0;
  private axis = new StoryAxis([], 'compressed', wholeExtent, 1);
  private gutter = gutters.wide;
  private readonly resized = new ResizeObserver(() => {
    this.gutter = this.clientWidth < gutters.below ? gutters.narrow : gutters.wide;
    this.style.setProperty('--story-gutter', `${this.gutter}px`);
    this.width = Math.max(0, this.clientWidth - this.gutter - 12);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  /** The picture of the lanes, to be saved. */
  get picture(): SVGSVGElement | null {
    return this.querySelector('.picture');
  }

  /** Goes to the next or the previous positive. */
  toPositive(step: 1 | -1): void {
    const lane = this.lanes.findIndex(({ kind }) => kind === 'positive');
    const marks = this.lanes[lane]?.marks ?? [];
    if (marks.length === 0) return;
    const mark = this.activeMark;
    const index = mark === null ? 0 : positiveFrom(marks, this.withGroup(mark), step);
    this.go({ lane, place: Math.max(0, Math.min(marks.length - 1, index)) });
  }

  get activeMark(): StoryMark | null {
    return this.active ? (this.lanes[this.active.lane]?.marks[this.active.place] ?? null) : null;
  }

  /** A step counts as a mark of the chosen group. */
  private withGroup(mark: StoryMark): StoryMark {
    return mark.step === null ? mark : { ...mark, group: this.group };
  }

  get isWhole(): boolean {
    return this.extent.to - this.extent.from > 0.999;
  }

  /** Zooms around the active mark, or the middle; a factor over 1 zooms in. */
  zoom(factor: number): void {
    const mark = this.activeMark;
    const around = mark ? this.axis.share(mark.at, mark.slot) : (this.extent.from + this.extent.to) / 2;
    this.extent = zoomed(this.extent, factor, around);
  }
  showAll(): void {
    this.extent = wholeExtent;
  }

  protected override willUpdate(changed: PropertyValues<StoryChart>): void {
    const before = changed.get('lanes');
    if (before && this.active) this.active = samePlace(before, this.active, this.lanes);
    this.axis = new StoryAxis(this.lanes, this.kind, this.extent, Math.max(1, this.width));
  }

  /** After the marks changed, updates what is shown about the active mark. */
  protected override updated(changed: PropertyValues<StoryChart>): void {
    if (changed.get('lanes')) this.dispatchEvent(new Event('active'));
  }

  protected override render(): TemplateResult {
    const { lanes, spans, width, active, gutter } = this;
    const foot = this.foot + spans.length * laneHeight;
    const names = [...lanes.map((lane) => this.name(lane)), ...spans.map(({ span }) => span.name)];
    return html`<rs-story-overview .lanes=${lanes} .axis=${this.axis} .gutter=${gutter} .timezone=${this.timezone} @brush=${({ detail }: CustomEvent<Extent>) => (this.extent = detail)}></rs-story-overview>
      <div class="story"><div class="plot" role="application" aria-roledescription=${t('chart')} aria-label=${t('Story by lane')} aria-describedby="story-reading" tabindex="0" data-region="main"
        @keydown=${(event: KeyboardEvent) => this.key(event)} @click=${(event: MouseEvent) => this.press(event)} @wheel=${(event: WheelEvent) => this.wheel(event)}>
      <svg class="picture" width=${gutter + width + 12} height=${foot + axisHeight} aria-hidden="true"><defs><pattern id="story-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" y2="6"></line></pattern></defs>
        ${names.map((name, k) => svg`<text class="name" x="12" y=${middle(k) + 4}>${name}</text>`)}
        <svg x=${gutter} width=${width} height=${foot}>${this.axis.bands.map((band) => svg`<rect class="visit" x=${band.x} y="0" width=${band.width} height=${this.foot}></rect>`)}${this.windows(foot)}
        ${names.map((_, k) => svg`<line class="lane" x2=${width} y1=${middle(k)} y2=${middle(k)}></line>`)}${this.cutLines()}
        ${spans.map((lane, k) => spanBar(lane, this.axis, middle(lanes.length + k)))}${lanes.map((lane, k) => this.marks(lane, k))}${this.frame(foot)}</svg>
        ${this.axis.labels.map(({ x, at }) => svg`<text x=${gutter + x} y=${foot + 14}>${shortTime(new Date(at).toISOString(), this.timezone)}</text>`)}</svg></div>
      <div class="lanes" aria-hidden="true">${lanes.map((lane, k) => html`<div class=${active?.lane === k ? 'active' : ''}>${glyphOf(lane)}<span class="cut" title=${this.name(lane)}>${this.name(lane)}</span>${this.laneNumber(lane)}<span class="count">${formatCount(stepsOf(lane, this.steps)?.history.steps.length ?? lane.marks.length)}</span></div>`)}${spans.map(({ span }) => html`<div><span class="glyph"></span><span class="cut" title=${span.name}>${span.name}</span></div>`)}</div></div>`;
  }

  /** Ties a lane of steps to its explanation. */
  private laneNumber(lane: StoryLane): TemplateResult | typeof nothing {
    const number = lane.kind === 'step' ? this.numbers.steps.get(lane.name) : undefined;
    return number === undefined ? nothing : html`<span class="number">${number}</span>`;
  }

  /** The cut-off of each history, and the request of the chosen group through all lanes. */
  private cutLines(): SVGTemplateResult {
    const [first] = this.steps.values();
    return svg`${this.lanes.map((lane, k) => {
      const steps = stepsOf(lane, this.steps);
      return steps ? cutLine(steps, this.axis, middle(k)) : nothing;
    })}${first ? requestLine(first, this.axis, [topHeight, this.foot]) : nothing}`;
  }

  /** The lower end of the lanes of marks, in pixels. */
  private get foot(): number {
    return topHeight + this.lanes.length * laneHeight;
  }

  /** Times outside the window of the split are hatched. */
  private windows(height: number): SVGTemplateResult | typeof nothing {
    const { from, to } = this.window;
    const { axis, width } = this;
    const start = from === null ? 0 : Math.max(0, Math.min(width, axis.edge(from - 1)));
    const end = to === null ? width : Math.max(0, Math.min(width, axis.edge(to)));
    return svg`${start > 0 ? svg`<rect class="other" width=${start} height=${height}></rect><line class="edge" x1=${start} x2=${start} y2=${height}></line>` : nothing}
      ${end < width ? svg`<rect class="other" x=${end} width=${width - end} height=${height}></rect><line class="edge" x1=${end} x2=${end} y2=${height}></line>${this.numbers.edge === null ? nothing : badge(this.numbers.edge, Math.max(8, Math.min(width - 8, end + 10)), 9)}` : nothing}`;
  }

  private marks(lane: StoryLane, k: number): SVGTemplateResult[] {
    const { group } = this;
    const steps = stepsOf(lane, this.steps);
    const bins = this.bins(lane);
    const max = Math.max(2, ...bins.map(({ marks }) => marks.length));
    return bins.map(({ x, marks }) => {
      const isApart = group !== null && lane.kind === 'entry' && marks.every((mark) => mark.group !== group);
      const [first] = marks;
      const y = middle(k);
      if (!first) return svg``;
      if (marks.length === 1)
        return svg`<g class=${isApart ? 'apart' : ''} transform="translate(${x - 5} ${y - 5})">${glyph(lane, first, steps)}</g>`;
      const height = 6 + (Math.log(marks.length) / Math.log(max)) * (laneHeight - 10);
      const strong = marks.filter((mark) => mark.isStrong || isInHistory(steps, mark)).length / marks.length;
      return svg`<g class=${isApart ? 'apart' : ''}><title>${t('{0} marks', formatCount(marks.length))}</title>${
        lane.kind === 'shown' || lane.kind === 'step'
          ? svg`<rect class="weak" x=${x - 2.5} y=${y - height / 2} width="5" height=${height}></rect><rect class="ink" x=${x - 2.5} y=${y + height / 2 - height * strong} width="5" height=${height * strong}></rect>`
          : svg`<rect class=${lane.kind === 'entry' ? sourceInk(lane.source ?? '') : 'ink'} x=${x - 2.5} y=${y - height / 2} width="5" height=${height}></rect>`
      }</g>`;
    });
  }

  /** Visible marks; marks that would overlap are grouped. */
  private bins(lane: StoryLane): Bin[] {
    const bins: Bin[] = [];
    const steps = stepsOf(lane, this.steps);
    const near = Math.max(binWidth, this.axis.slot - 2);
    for (const mark of lane.marks) {
      const x = this.axis.x(mark.at, mark.slot);
      if (x < -binWidth || x > this.width + binWidth) continue;
      const last = bins.at(-1);
      const isNear = last?.marks[0] && Math.abs(x - last.x) < near && isSameSide(steps, last.marks[0], mark);
      if (isNear) last.marks.push(mark);
      else bins.push({ x, marks: [mark] });
    }
    return bins;
  }

  /** The active mark, and the chosen positive, whose time goes down through the spans. */
  private frame(foot: number): SVGTemplateResult {
    const { activeMark: mark, active, numbers, group } = this;
    const positives = this.lanes.find(({ kind }) => kind === 'positive')?.marks;
    const positiveMark = group && positives?.find((positive) => positive.group === group);
    const x = positiveMark ? this.axis.x(positiveMark.at, positiveMark.slot) : 0;
    return svg`${
      positiveMark
        ? svg`<rect class="group" x=${x - 8} y=${topHeight - 1} width="16" height=${this.foot - topHeight}></rect><line class="group" x1=${x} x2=${x} y1=${this.foot - 1} y2=${foot}></line>${numbers.group === null ? nothing : badge(numbers.group, Math.max(8, Math.min(this.width - 8, x)), 9)}`
        : nothing
    }${
      mark && active
        ? svg`<rect class="active" x=${this.axis.x(mark.at, mark.slot) - 7} y=${middle(active.lane) - 9} width="14" height="18"></rect>`
        : nothing
    }`;
  }

  private press(event: MouseEvent): void {
    const box = this.querySelector('.picture')?.getBoundingClientRect();
    if (!box) return;
    const lane = Math.floor((event.clientY - box.top - topHeight) / laneHeight);
    const x = event.clientX - box.left - this.gutter;
    if (x < -binWidth) return;
    let [nearestIndex, leastDistance] = [-1, reach];
    this.lanes[lane]?.marks.forEach((mark, k) => {
      const distance = Math.abs(this.axis.x(mark.at, mark.slot) - x);
      if (distance < leastDistance) [nearestIndex, leastDistance] = [k, distance];
    });
    if (nearestIndex < 0) return;
    this.go({ lane, place: nearestIndex });
    if (event.detail === 2) this.dispatchEvent(new Event('choose'));
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.5 : 1 / 1.5);
  }

  private go(active: MarkPlace): void {
    this.active = active;
    const mark = this.activeMark;
    if (mark) this.extent = revealing(this.extent, this.axis.share(mark.at, mark.slot));
    this.dispatchEvent(new Event('active'));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    if (event.altKey) {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      this.toPositive(event.key === 'ArrowRight' ? 1 : -1);
    } else if (!this.plainKey(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private plainKey(key: string): boolean {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      PageDown: pageStep,
      PageUp: -pageStep,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[key];
    if (step !== undefined) this.along(step);
    else if (key === 'ArrowDown') this.across(1);
    else if (key === 'ArrowUp') this.across(-1);
    else if (key === '+' || key === '=') this.zoom(2);
    else if (key === '-') this.zoom(0.5);
    else if (key === '0') this.showAll();
    else if (key === 'Enter' && this.active) this.dispatchEvent(new Event('choose'));
    else return false;
    return true;
  }

  private along(step: number): void {
    const { active } = this;
    if (!active) {
      this.across(1);
      return;
    }
    const last = (this.lanes[active.lane]?.marks.length ?? 0) - 1;
    this.go({ lane: active.lane, place: Math.max(0, Math.min(last, active.place + step)) });
  }

  /** Goes to the nearest mark of the next lane. Lanes without marks are passed over. */
  private across(step: 1 | -1): void {
    const { active, activeMark } = this;
    for (let lane = (active?.lane ?? -1) + step; lane >= 0 && lane < this.lanes.length; lane += step) {
      const marks = this.lanes[lane]?.marks ?? [];
      if (marks.length > 0) {
        this.go({ lane, place: activeMark ? nearest(marks, this.withGroup(activeMark)) : 0 });
        return;
      }
    }
  }
}

const middle = (lane: number): number => topHeight + (lane + 0.5) * laneHeight;

function nearest(marks: readonly StoryMark[], { at, slot, group }: StoryMark): number {
  let best = 0;
  const distance = (mark: StoryMark | undefined): number =>
    mark ? Math.abs(mark.at - at) * 1e3 + Math.abs(mark.slot - slot) + (mark.group === group ? 0 : 0.5) : Infinity;
  marks.forEach((mark, place) => {
    if (distance(mark) < distance(marks[best])) best = place;
  });
  return best;
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-story-chart': StoryChart;
  }
}
