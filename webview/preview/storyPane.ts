import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { ownValue } from '../../src/core/ownValue.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { UserStory, PreviewGroup } from '../../src/protocol/sampling.ts';
import { logText } from '../../src/core/report/drawnText.ts';
import { sourceGlyph } from '../charts/source.ts';
import { segmented } from '../components/segmented.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import { PreviewElement } from './previewElement.ts';
import type { AxisKind } from './storyAxis.ts';
import type { StoryChart } from './storyChart.ts';
import { storyLanes, type StoryLane, type StoryMark } from './storyLanes.ts';
import { svgText, csvOf } from '../charts/chartFile.ts';
import { historiesOf } from './historyTexts.ts';
import { storyExcludes } from './storyExcludes.ts';
import { storyFacts, type StoryFact } from './storyFacts.ts';
import { stepDetail, stepKey, stepLanes, stepsOf, type StepLane } from './storySteps.ts';
import { exactTime, shortTime } from './texts.ts';
import { whyText } from './why.ts';
import '../components/failure.ts';
import '../components/skeleton.ts';
import './storyChart.ts';
import './storyWhy.ts';

/** Rows that the table shows first, and that it adds each time. */
const tablePart = 300;

/** Exposures, events, positives and negatives of the chosen user by time. */
@customElement('rs-story-pane')
export class StoryPane extends PreviewElement {
  static override sheets = [
    css`
    rs-story-pane { flex: 1; min-height: 0; min-width: 0; display: flex; flex-direction: column; font-size: 12px; line-height: 16px; }
    rs-story-pane > header { flex: none; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; min-height: 36px; padding: 4px 8px 4px 12px; border-bottom: 1px solid var(--vscode-panel-border); }
    rs-story-pane > header h2 { font-size: 13px; }
    rs-story-pane > header .caption { flex: 1 1 72px; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    rs-story-pane .content { flex: 1; min-height: 0; min-width: 0; overflow-y: auto; }
    rs-story-pane .parts { flex: 1; min-height: 0; display: grid; grid-template-columns: minmax(0, 1fr) 288px; }
    rs-story-pane .parts > rs-story-why { border-left: 1px solid var(--vscode-panel-border); }
    rs-story-pane .ways { display: flex; gap: 8px; }
    @media (max-width: 999px) {
      rs-story-pane .parts { display: block; overflow-y: auto; }
      rs-story-pane .parts > rs-story-why { border-left: 0; border-top: 1px solid var(--vscode-panel-border); }
    }
    rs-story-pane .notes { padding: 6px 12px 0; display: flex; flex-wrap: wrap; gap: 2px 16px; }
    rs-story-pane .reading { flex: none; min-height: 34px; padding: 8px 12px; border-top: 1px solid var(--vscode-panel-border); display: flex; flex-wrap: wrap; align-items: center; gap: 2px 12px; font-variant-numeric: tabular-nums; }
    rs-story-pane .reading strong { font-weight: 600; }
    rs-story-pane .legend { padding: 4px 12px 8px; }
    rs-story-pane table { border-collapse: collapse; width: 100%; }
    rs-story-pane th { text-align: left; font-weight: 400; font-size: 11px; color: var(--rs-muted); position: sticky; top: 0; background: var(--vscode-editor-background); }
    rs-story-pane th, rs-story-pane td { padding: 2px 12px; height: 22px; white-space: nowrap; }
    rs-story-pane td.item { max-width: 320px; overflow: hidden; text-overflow: ellipsis; }
    rs-story-pane .right { text-align: right; }
    rs-story-pane .drawn .codicon { font-size: 12px; } rs-story-pane .drawn .glyph { display: inline-block; vertical-align: -2px; }
    rs-story-pane td.number { font-variant-numeric: tabular-nums; }
    rs-story-pane .more { padding: 8px 12px; }
  `,
  ];
  @state() private kind: AxisKind = 'compressed';
  @state() private isTable = false;
  @state() private rows = tablePart;
  @query('rs-story-chart') private chart!: StoryChart | null;
  /** True if the chart or the table must get the focus once it is rendered. */
  private takesFocus = true;
  /** The chosen group. A step belongs to the group that was chosen before. */
  @state() private group: PreviewGroup | null = null;
  private lanes: readonly StoryLane[] = [];
  /** The histories of the chosen group, by the name of their lane. */
  private steps: ReadonlyMap<string, StepLane> = new Map();
  private source: readonly unknown[] = [];

  constructor() {
    super();
    new Watch(this, () => this.model.story);
  }

  protected override updated(): void {
    if (!this.takesFocus || !this.querySelector('.content')) return;
    this.takesFocus = false;
    void this.focusMain();
  }

  /** Moves the focus to the chart or the table. */
  private async focusMain(): Promise<void> {
    await this.chart?.updateComplete;
    this.querySelector<HTMLElement>('.plot, .content[tabindex]')?.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { model } = this;
    const { params, state: kept, user, sampler } = model;
    if (params && kept !== null && kept.user !== null) model.story.want({ ...params, user: kept.user }, model.answers);
    const { answer } = model.story;
    const sequences = model.preview?.sequences ?? [];
    const source = [answer, user, sampler?.plan];
    const isSame = source.every((one, k) => one === this.source[k]);
    if (!isSame) {
      this.source = source;
      this.lanes = answer ? storyLanes(answer, user, sampler?.plan ?? null, sequences) : [];
      this.group = user?.groups.find(({ key }) => key === this.group?.key) ?? null;
    }
    if (isSame && !changed.has('group')) return;
    this.steps = this.group && user ? stepLanes(this.group, historiesOf(user, this.group, sequences)) : new Map();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const user = model.state?.user ?? null;
    const { answer } = model.story;
    const isResting = this.isResting(user);
    return html`<header data-region><h2>${t('Story')}</h2><span class="mono">${user ?? ''}</span><span class="caption grow">${answer ? this.summary(answer) : nothing}</span>
        ${isResting ? nothing : this.pictureTools()}
        <button class="tool" aria-label=${t('Find another user')} title=${t('Find another user')} @click=${() => model.users.pickStory()}><span class="codicon codicon-search" aria-hidden="true"></span></button>
        ${isResting ? nothing : html`<button class="tool" aria-label=${t('Show as table')} title="T" aria-pressed=${this.isTable ? 'true' : 'false'} @click=${() => this.toggleTable()}><span class="codicon codicon-table" aria-hidden="true"></span></button>`}
        <button class="tool" aria-label=${t('Close')} title="Esc" @click=${() => model.showDraws()}><span class="codicon codicon-close" aria-hidden="true"></span></button></header>
      ${this.body(user, answer)}`;
  }

  /** True without a story and without a request for one, and for a story without marks. */
  private isResting(user: string | null): boolean {
    const { story } = this.model;
    if (user === null || story.isMissing) return true;
    return story.answer !== null && this.lanes.every(({ marks }) => marks.length === 0);
  }

  private pictureTools(): TemplateResult {
    return html`${segmented(
      t('Time without marks'),
      [
        ['compressed', t('Compressed')],
        ['scaled', t('To scale')],
      ] as const,
      this.kind,
      (kind) => {
        this.kind = kind;
      },
    )}
        ${this.lanes.length > 0 ? html`<span class="ways"><button class="link" aria-label=${t('Export the numbers as CSV')} title=${t('Export the numbers as CSV')} @click=${() => this.save('csv')}>CSV</button>${this.isTable ? nothing : html`<button class="link" aria-label=${t('Export the picture as SVG')} title=${t('Export the picture as SVG')} @click=${() => this.save('svg')}>SVG</button>`}</span>` : nothing}
        <button class="tool" aria-label=${t('Zoom in')} title=${t('Zoom in')} ?disabled=${this.isTable} @click=${() => this.chart?.zoom(2)}><span class="codicon codicon-zoom-in" aria-hidden="true"></span></button>
        <button class="tool" aria-label=${t('Zoom out')} title=${t('Zoom out')} ?disabled=${this.isTable} @click=${() => this.chart?.zoom(0.5)}><span class="codicon codicon-zoom-out" aria-hidden="true"></span></button>`;
  }

  toggleTable(): void {
    this.isTable = !this.isTable;
    this.takesFocus = true;
  }

  private body(user: string | null, answer: UserStory | null): TemplateResult {
    const { model } = this;
    const { story } = model;
    if (user === null)
      return html`<div class="welcome"><h2>${t("A user's story")}</h2><p class="muted">${t('Exposures, events, positives and negatives of one user by time.')}</p><div class="buttons"><vscode-button @click=${() => model.users.pickStory()}>${t('Choose a user')}</vscode-button></div></div>`;
    const retry = { label: t('Try again'), kind: 'primary' as const, run: () => story.forget() };
    if (story.failure && !story.busy)
      return html`<rs-failure .failure=${story.failure} .actions=${[retry]}></rs-failure>`;
    if (story.cancelled)
      return html`<div class="welcome" role="status"><h2>${t('Cancelled')}</h2><div class="buttons"><vscode-button @click=${retry.run}>${t('Try again')}</vscode-button></div></div>`;
    if (!answer) return html`<rs-skeleton></rs-skeleton>`;
    if (this.lanes.every(({ marks }) => marks.length === 0))
      return html`<div class="welcome" role="status"><h2>${t('No rows of this user in the log')}</h2><p class="muted">${t('Ids are compared as exact strings: leading zeros and signs count.')}</p></div>`;
    return html`${this.notes(answer)}${this.isTable ? this.table() : this.picture(answer)}`;
  }

  private summary({ total }: UserStory): string {
    return t('{0} exposures, {1} events', formatCount(total.exposures), formatCount(total.events));
  }

  /** Notes about what the picture does not show. */
  private notes({ exposures, events, total, timeless }: UserStory): TemplateResult | typeof nothing {
    const { model } = this;
    const { user } = model;
    const lacks = [
      ...(exposures.length < total.exposures
        ? [t('The newest {0} of {1} exposures', formatCount(exposures.length), formatCount(total.exposures))]
        : []),
      ...(events.length < total.events
        ? [t('The newest {0} of {1} events', formatCount(events.length), formatCount(total.events))]
        : []),
      ...(timeless > 0 ? [t('{0} events have no time', formatCount(timeless))] : []),
      ...(user && user.groupCount === 0 ? [t('No draws of this user in this split')] : []),
    ];
    const hidden = user ? user.groupCount - user.groups.length : 0;
    if (lacks.length === 0 && hidden === 0) return nothing;
    return html`<div class="notes caption">${lacks.map((text) => html`<span>${text}</span>`)}${hidden > 0 && user ? html`<button class="link" @click=${() => model.showAllGroups(user.user)}>${t('Show {0} more groups', formatCount(hidden))}</button>` : nothing}</div>`;
  }

  private picture(answer: UserStory): TemplateResult {
    const time = (text: string | null): number | null => (text === null ? null : Date.parse(text));
    const plan = this.model.sampler?.plan ?? null;
    const { group } = this;
    const excludes = group && plan ? storyExcludes(answer, group, plan) : [];
    const copied = this.model.preview?.passed;
    const histories = [...this.steps.values()];
    const facts = group && plan ? storyFacts({ story: answer, group, plan, passed: copied, histories }, excludes) : [];
    const spans = facts.flatMap(({ span }, k) => (span ? [{ span, number: k + 1 }] : []));
    return html`<div class="parts"><div class="content"><rs-story-chart .lanes=${this.lanes} .kind=${this.kind} .timezone=${this.timezone} .window=${{ from: time(answer.window.from), to: time(answer.window.to) }} .name=${laneName} .spans=${spans} .group=${group} .steps=${this.steps} .numbers=${{ group: numberOf(facts, 'group'), edge: numberOf(facts, 'edge'), steps: stepNumbers(facts) }}
        @active=${() => this.choose()} @choose=${() => this.explain()}></rs-story-chart>
        <p class="legend caption">${t('A bar is several marks: the more marks, the taller. Hatched: outside the split.')}</p>${stepKey(histories.length)}${this.groupRows()}</div>
      <rs-story-why data-region role="region" aria-label=${t('What decides a group')} tabindex="0" .group=${group} .facts=${facts} .excludes=${excludes} .timezone=${this.timezone} .itemText=${(row: { readonly item: string }) => this.itemText(row)}
        @positive=${({ detail }: CustomEvent<1 | -1>) => this.chart?.toPositive(detail)} @pair=${({ detail }: CustomEvent<string>) => this.explainItem(detail)}></rs-story-why></div>
      <div class="reading" id="story-reading" role="status">${this.reading()}</div>`;
  }

  /** The host asks for a file and writes it. */
  private save(format: 'csv' | 'svg'): void {
    const { model, chart } = this;
    const user = model.state?.user ?? '';
    const picture = chart?.picture ?? null;
    if (format === 'svg' && picture === null) return;
    const text =
      format === 'svg' && picture
        ? svgText(picture, t('Story of user {0}', user))
        : storyCsv(user, this.lanes, this.steps, (item) => this.titleOf(item));
    model.act('saveText', { name: `story.${format}`, text }, (saved) => {
      if (saved) model.say(t('Saved'));
    });
  }

  /** The rows of the group that the active mark belongs to. */
  private groupRows(): TemplateResult | typeof nothing {
    const { group } = this;
    if (group === null) return nothing;
    return html`<table class="drawn" aria-label=${t('Rows of the group')}><thead><tr><th scope="col">${t('entry')}</th><th scope="col">${t('item')}</th><th scope="col" class="right">log q</th><th scope="col">${t('why this item')}</th></tr></thead>
      <tbody>${group.rows.map((row) => html`<tr><td>${row.label === 1 ? html`<span class="codicon codicon-check" aria-hidden="true"></span> ${t('positive')}` : html`${sourceGlyph(row.source ?? '')} ${row.entry ?? row.source ?? ''}`}</td><td class="item" title=${this.itemText(row)}>${this.itemText(row)}</td><td class="number right">${row.logQ === null ? '' : logText(row.logQ)}</td><td>${whyText(row, group)}</td></tr>`)}</tbody></table>`;
  }

  private choose(): void {
    const mark = this.chart?.activeMark ?? null;
    if (mark && mark.step === null) this.group = mark.group;
    this.requestUpdate();
  }

  private get timezone(): string {
    return this.model.sampler?.plan?.timezone ?? 'UTC';
  }

  private reading(): TemplateResult {
    const mark = this.chart?.activeMark ?? null;
    const lane = this.chart?.active ? this.lanes[this.chart.active.lane] : undefined;
    if (!mark || !lane) return html`<span class="muted">${t('Choose a mark with the arrow keys or the mouse.')}</span>`;
    return html`<strong>${laneName(lane)}</strong><span>${this.itemText(mark)}</span><span class="mono">${exactTime(mark.time)}</span><span>${detailOf(lane, mark, this.steps)}</span><button class="link" @click=${() => this.explain()}>${t('Explain a pair')}</button>`;
  }

  private explain(): void {
    const mark = this.chart?.activeMark;
    if (mark) this.explainItem(mark.item);
  }

  private explainItem(item: string): void {
    const user = this.model.state?.user ?? null;
    if (user !== null) this.model.explain(user, item);
  }

  /** The title with the id; without a title, the id. */
  private itemText({ item }: Pick<StoryMark, 'item'>): string {
    const title = this.titleOf(item);
    return title === null ? item : `${title} · ${item}`;
  }

  private titleOf(item: string): string | null {
    const { story, preview } = this.model;
    const storyTitles = story.answer?.titles ?? {};
    const drawnItems = preview?.facts.items ?? {};
    return ownValue(storyTitles, item) ?? ownValue(drawnItems, item)?.title ?? null;
  }

  /** Names the group that sees the step: the table has no chosen mark. */
  private tableDetail(lane: StoryLane, mark: StoryMark): string {
    const detail = detailOf(lane, mark, this.steps);
    const group = stepsOf(lane, this.steps)?.group;
    return group ? `${shortTime(group.time, this.timezone)} · ${detail}` : detail;
  }

  private table(): TemplateResult {
    const all = marksByTime(this.lanes);
    const remaining = all.length - this.rows;
    return html`<div class="content" tabindex="0" role="region" aria-label=${t('Story as table')} data-region="main"><table><thead><tr><th scope="col">${t('time')}</th><th scope="col">${t('lane')}</th><th scope="col">${t('item')}</th><th scope="col">${t('why')}</th></tr></thead>
      <tbody>${all.slice(0, this.rows).map(({ lane, mark }) => html`<tr><td class="number">${exactTime(mark.time)}</td><td>${laneName(lane)}</td><td class="item" title=${this.itemText(mark)}>${this.itemText(mark)}</td><td>${this.tableDetail(lane, mark)}</td></tr>`)}</tbody></table>
      ${remaining > 0 ? html`<button class="link more" @click=${() => (this.rows += tablePart)}>${t('and {0} more', formatCount(remaining))}</button>` : nothing}</div>`;
  }
}

/** 1-based number of the fact whose badge is at a position of the chart. */
function numberOf(facts: readonly StoryFact[], at: StoryFact['place']): number | null {
  const index = facts.findIndex(({ place }) => place === at);
  return index < 0 ? null : index + 1;
}

/** Numbers of the facts about histories, by the name of the lane. */
function stepNumbers(facts: readonly StoryFact[]): ReadonlyMap<string, number> {
  return new Map(facts.flatMap(({ place }, k) => (typeof place === 'string' ? [] : [[place.steps, k + 1]])));
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-story-pane': StoryPane;
  }
}

/** A mark with its lane. */
interface LaneMark {
  readonly lane: StoryLane;
  readonly mark: StoryMark;
}

/** All marks in the order of time; equal times in the order of the lanes. */
function marksByTime(lanes: readonly StoryLane[]): LaneMark[] {
  return lanes
    .flatMap((lane, k) => lane.marks.map((mark) => ({ lane, mark, k })))
    .sort((a, b) => a.mark.at - b.mark.at || a.k - b.k);
}

function laneName({ kind, name }: StoryLane): string {
  return kind === 'shown' ? t('exposures') : kind === 'positive' ? t('positives') : name;
}

/** The position of an exposure, why a row was drawn, or what the chosen group sees of a step. */
function detailOf(lane: StoryLane, mark: StoryMark, steps: ReadonlyMap<string, StepLane>): string {
  if (lane.kind === 'step') return stepDetail(stepsOf(lane, steps), mark);
  const { position, row, group } = mark;
  if (row && group) return whyText(row, group);
  return position === null ? '' : t('position {0}', position);
}

/**
 * The marks of the lanes as CSV, with the same names of columns in every language. `title`: null if the item has none.
 */
function storyCsv(
  user: string,
  lanes: readonly StoryLane[],
  steps: ReadonlyMap<string, StepLane>,
  title: (item: string) => string | null,
): string {
  return csvOf([
    ['user', 'time', 'lane', 'item', 'title', 'position', 'group', 'draw', 'log_q', 'why'],
    ...marksByTime(lanes).map(({ lane, mark }) => [
      user,
      mark.time,
      csvLane(lane),
      mark.item,
      title(mark.item),
      mark.position,
      (mark.group ?? stepsOf(lane, steps)?.group)?.time ?? null,
      mark.row?.draw ?? null,
      mark.row?.logQ === null || mark.row === null ? null : logText(mark.row.logQ),
      detailOf(lane, mark, steps),
    ]),
  ]);
}

/** Unlike the lane of an event, that of a sequence has the name of its key. */
function csvLane({ kind, name }: StoryLane): string {
  if (kind === 'step') return `sequences.${name}`;
  return kind === 'shown' ? 'impressions' : kind === 'positive' ? 'positive' : name;
}
