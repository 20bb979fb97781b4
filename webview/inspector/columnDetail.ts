import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Failure } from '../../src/core/message/failure.ts';
import { isAllDistinct } from '../../src/core/table/allDistinct.ts';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import { integerTextsNote } from '../../src/core/table/integerTexts.ts';
import { traitsOf } from '../../src/core/table/sampleName.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import type { ColumnProfile, Scalar } from '../../src/core/table/profile.ts';
import { roleIcons, roleNames } from '../../src/core/table/roleName.ts';
import { isNested, typeName, unreadableMessage } from '../../src/core/table/type.ts';
import { columnProblems } from '../../src/core/table/columnProblems.ts';
import '../charts/dimensionChart.ts';
import '../charts/histogram.ts';
import type { ChartPart } from '../charts/histogram.ts';
import { sourceGlyph } from '../charts/source.ts';
import { where } from '../components/failure.ts';
import { LightElement } from '../element.ts';
import { isExact, isMono } from '../grid/cellContent.ts';
import { filterByBrush, isBrushable } from '../grid/chartBrush.ts';
import { Watch } from '../observable.ts';
import { alikeTexts, scalarText } from '../scalar.ts';
import { say, t } from '../strings.ts';
import { fieldList } from './fieldList.ts';
import type { InspectorModel } from './inspectorModel.ts';
import { profileFigures } from './profileFigures.ts';
import { sequenceCard } from './sequenceCard.ts';

/**
 * All details of one column: role, distribution, quantiles, most frequent values. Fires `role` to set the role,
 * `filter-column` to filter the column, and `close`.
 */
@customElement('rs-column-detail')
export class ColumnDetail extends LightElement {
  static override sheets = [
    css`
    rs-column-detail { display: block; overflow: auto; padding: 0 16px 16px; font-size: 12px; line-height: 16px; }
    rs-column-detail header strong { flex: 0 1 auto; }
    rs-column-detail header .link { font-size: 12px; }
    rs-column-detail header { display: flex; align-items: center; height: 36px; gap: 8px; font-size: 13px; }
    rs-column-detail .role { display: flex; align-items: center; gap: 8px; margin-bottom: 4px; }
    rs-column-detail .role button {
      flex: 1; min-width: 0; height: 24px; display: flex; align-items: center; gap: 6px; padding: 0 4px 0 8px; background: var(--vscode-dropdown-background); color: var(--vscode-dropdown-foreground);
      border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
    }
    rs-column-detail .role .codicon { font-size: 14px; width: 14px; }
    rs-column-detail [role='alert'] { margin-bottom: 4px; }
    rs-column-detail .place { overflow-wrap: anywhere; }
    rs-column-detail .reason { margin-bottom: 12px; }
    rs-column-detail .figures {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      column-gap: 32px;
      margin: 12px 0;
    }
    rs-column-detail .figures > div {
      display: flex;
      justify-content: space-between;
      align-items: center;
      gap: 8px;
      min-height: 20px;
    }
    rs-column-detail .figures > .wide { grid-column: 1 / -1; }
    rs-column-detail .section { border-top: 1px solid var(--vscode-panel-border); padding-top: 12px; }
    rs-column-detail .problems { margin-bottom: 12px; }
    rs-column-detail .problems li { display: flex; gap: 6px; align-items: flex-start; }
    rs-column-detail .problems .codicon { font-size: 14px; line-height: 16px; }
    rs-column-detail .sequence { margin-bottom: 12px; }
    rs-column-detail .sequence .figures { margin: 4px 0; }
    rs-column-detail .sequence ul { display: flex; flex-wrap: wrap; gap: 2px 12px; }
    rs-column-detail .sequence li { overflow-wrap: anywhere; min-width: 0; }
    rs-column-detail .section h3 { display: inline; margin-right: 8px; }
    rs-column-detail table { width: 100%; border-collapse: collapse; margin-top: 4px; table-layout: fixed; }
    rs-column-detail td { height: 22px; padding: 0; }
    rs-column-detail table.exact { table-layout: auto; }
    rs-column-detail table.exact td:nth-child(1) { width: 1px; white-space: nowrap; }
    rs-column-detail .exact .mono { font-size: 11px; }
    rs-column-detail table:not(.exact) td:nth-child(1) { width: 40%; }
    rs-column-detail td:nth-child(1) { padding-right: 8px; }
    rs-column-detail td:nth-child(3) { width: 76px; padding-left: 8px; }
    rs-column-detail td:nth-child(4) { width: 52px; }
    rs-column-detail .glyph { display: inline-block; margin-right: 6px; vertical-align: -2px; }
    rs-column-detail td svg.bar { width: 100%; height: 8px; }
    rs-column-detail td button { max-width: 100%; display: block; }
    rs-column-detail td button:hover { text-decoration: underline; }
    /* Too narrow for two figures in a row, and for an id next to its bar, its count and its share. */
    @media (max-width: 399px) {
      rs-column-detail { padding: 0 8px 16px; }
      rs-column-detail .figures { grid-template-columns: minmax(0, 1fr); }
      rs-column-detail table.exact :is(td:nth-child(2), td:nth-child(3)) { display: none; }
      rs-column-detail table.exact td:nth-child(1) { width: auto; }
      rs-column-detail table.exact .cut { white-space: normal; overflow-wrap: anywhere; text-align: left; }
    }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @property({ attribute: false }) index = 0;
  /** Next to the grid: follows its active column, and can always be closed. */
  @property({ attribute: false }) inRows = false;

  constructor() {
    super();
    new Watch(this, () => this.model);
    new Watch(this, () => this.model.profiles);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const column = model.dataset?.columns[this.index];
    if (!column) return nothing;
    const profile = this.profileOf(column);
    const { failure } = model.profiles;
    const { role } = column;
    const unreadable = unreadableMessage(column);
    if (unreadable) {
      return html`<header tabindex="0" aria-label=${column.name}><strong class="cut">${column.name}</strong><span class="caption cut grow">${typeName(column.type)}</span>${this.tools()}</header><p>${say(unreadable)}</p>`;
    }
    return html`
      <header tabindex="0" aria-label=${column.name}><strong class="cut">${column.name}</strong><span class="caption cut grow">${typeName(column.type)}</span>
        <button class="link" aria-label=${t('Add a filter on {0}', column.name)} @click=${() => this.dispatchEvent(new CustomEvent('filter-column', { bubbles: true, detail: column.name }))}>${t('Filter')}</button>
        ${this.tools()}</header>
      <div class="role"><span class="muted">${t('Role')}</span>
        <button aria-haspopup="dialog" @click=${() => this.dispatchEvent(new CustomEvent('role'))}>
          ${role ? html`<span class="codicon codicon-${roleIcons[role.role]}" aria-hidden="true"></span>` : nothing}
          <span class="grow cut">${role ? say(roleNames[role.role]) : t('set role')}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span></button></div>
      ${role ? html`<p class="caption reason">${role.set ? t('Set by you') : say(role.reason)}</p>` : html`<p class="caption reason">${t('No role was recognised')}</p>`}
      ${profile ? this.profile(column, profile) : failure ? this.failureNotice(failure) : this.waiting()}`;
  }

  private waiting(): TemplateResult {
    const { profiles } = this.model;
    if (!profiles.stopped) return html`<p class="muted">${t('Profiling')}</p>`;
    return html`<p class="muted" role="status">${t('Profiling was stopped')}</p>
      <button class="link" @click=${() => profiles.retry()}>${t('Continue')}</button>`;
  }

  private failureNotice({ message, place, advice }: Failure): TemplateResult {
    return html`<div role="alert"><p>${say(message)}</p>
      ${place === undefined ? nothing : html`<p class="place caption">${where(place)}</p>`}
      ${advice === undefined ? nothing : html`<p>${say(advice)}</p>`}</div>
      <button class="link" @click=${() => this.model.profiles.retry()}>${t('Try again')}</button>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.model.profiles.wantNested(null);
    this.model.profiles.want('sequence', []);
  }

  /** Shows another column, and moves the focus to its heading. */
  private open(name: string): void {
    this.model.keep({ tab: 'columns', selectedColumn: name, profile: true });
    this.querySelector<HTMLElement>('header')?.focus();
  }

  private indexOf(name: string): number {
    return this.model.dataset?.columns.findIndex((column) => column.name === name) ?? -1;
  }

  protected override updated(): void {
    const { model, index } = this;
    const type = model.dataset?.columns[index]?.type;
    // The order of a sequence is that of its times, which may be another list.
    const lists = model.profiles.get(index)?.list?.sequence?.lists ?? [];
    model.profiles.want(
      'sequence',
      model.profiles.stopped ? [] : lists.map((name) => this.indexOf(name)).filter((other) => other >= 0),
    );
    model.profiles.wantNested(type && isNested(type) && !model.profiles.failure ? index : null);
  }

  /** The most complete profile that is loaded. */
  private profileOf({ type }: Column): ColumnProfile | null {
    const { profiles } = this.model;
    return (isNested(type) ? profiles.nested(this.index) : null) ?? profiles.get(this.index);
  }

  private tools(): TemplateResult {
    const { model, index, inRows } = this;
    const name = model.dataset?.columns[index]?.name ?? null;
    const tool = (kind: string, icon: string, label: string, run: () => void): TemplateResult =>
      html`<button class="tool ${kind}" aria-label=${label} title=${label} @click=${run}><span class="codicon codicon-${icon}" aria-hidden="true"></span></button>`;
    return html`${inRows ? tool('', 'list-flat', t('Show in Columns'), () => model.keep({ tab: 'columns', selectedColumn: name, profile: true })) : nothing}${tool(inRows ? '' : 'narrow-only', 'close', t('Close'), () => this.dispatchEvent(new CustomEvent('close')))}`;
  }

  private problems(column: Column, profile: ColumnProfile): TemplateResult | typeof nothing {
    const problems = columnProblems(column, profile, this.model.dataset?.columns ?? []);
    if (problems.length === 0) return nothing;
    return html`<ul class="problems" aria-label=${t('Problems')}>${problems.map(({ text }) => html`<li><span class="codicon codicon-warning warning-icon" aria-hidden="true"></span><span>${say(text)}</span></li>`)}</ul>`;
  }

  /** The fields of a struct or the dimensions of vectors; why they are missing, if nothing loads them. */
  private parts({ fields, dimensions, list, name, type }: ColumnProfile): TemplateResult | typeof nothing {
    if (fields) return fieldList(fields);
    if (dimensions) {
      const [visibleCount, total] = [dimensions.means.length, list?.longest ?? 0];
      return html`<rs-dimensions class="section" .asTable=${this.model.state.chartsAsTables} @as-table=${this.keepTables} .name=${name} .dimensions=${dimensions}></rs-dimensions>
        ${total > visibleCount ? html`<p class="caption">${t('The first {0} of {1} dimensions', formatCount(visibleCount), formatCount(total))}</p>` : nothing}`;
    }
    const { profiles } = this.model;
    if (!isNested(type) || profiles.nested(this.index)) return nothing;
    const { failure } = profiles;
    const retryLink = html`<button class="link" @click=${() => profiles.retry()}>${failure ? t('Try again') : t('Continue')}</button>`;
    if (failure) return html`<p class="section" role="alert">${say(failure.message)}</p>${retryLink}`;
    if (profiles.stopped)
      return html`<p class="section muted" role="status">${t('Profiling was stopped')}</p>${retryLink}`;
    return type.kind === 'struct' ? html`<p class="section muted" role="status">${t('Profiling fields')}</p>` : nothing;
  }

  private profile(column: Column, profile: ColumnProfile): TemplateResult {
    const { model } = this;
    const { dataset } = model;
    const note = dataset && integerTextsNote(profile, traitsOf(dataset.format).isText);
    return html`<div class="profile">
      ${this.problems(column, profile)}
      ${note ? html`<p class="caption reason">${say(note)}</p>` : nothing}
      <rs-histogram .profile=${profile} .asTable=${this.model.state.chartsAsTables} @as-table=${this.keepTables} .isBrushable=${isBrushable(profile)} @brush=${({ detail }: CustomEvent<ChartPart>) => filterByBrush(this.model, profile, detail)}></rs-histogram>
      <div class="figures">${profileFigures(profile).map(([label, value, wide]) => html`<div class=${wide ? 'wide' : ''}><span class="muted">${label}</span><span class="number cut" title=${value}>${value}</span></div>`)}</div>
      ${sequenceCard(
        profile,
        (name) => model.profiles.facts(this.indexOf(name)),
        (name) => this.open(name),
      )}
      ${isAllDistinct(profile) ? html`<p class="section">${t('All values are distinct.')}</p>` : profile.top.length === 0 || isNested(profile.type) ? nothing : this.top(profile)}
      ${this.parts(profile)}</div>`;
  }

  private top(profile: ColumnProfile): TemplateResult {
    const { type, rows, nulls } = profile;
    const filled = Math.max(1, rows - nulls);
    const max = Math.max(...profile.top.map(({ count }) => count), 1);
    const texts = alikeTexts(
      profile.top.map(({ value }) => value),
      type,
    );
    return html`<div class="section"><h3>${t('Top values')}</h3><span class="caption">${profile.topExact ? t('share of rows that are not null') : t('estimates, share of rows that are not null')}</span>
      <table class=${isExact(type) ? 'exact' : ''}><tbody>${profile.top.map(
        ({ value, count }, k) => html`<tr>
        <td><button class=${isMono(type) ? 'mono cut' : 'cut'} title=${t('Filter by {0}', scalarText(value, type))} @click=${() => this.filter(value)}>
          ${profile.role?.role === 'source' ? sourceGlyph(String(value)) : nothing}${value === '' ? '""' : texts[k]}</button></td>
        <td><svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${svg`<rect class="bars" width=${Math.max(1, (count / max) * 100)} height="8"></rect>`}</svg></td>
        <td class="number">${formatCount(count)}</td><td class="number muted">${formatPercent(count / filled)}</td></tr>`,
      )}</tbody></table></div>`;
  }

  /** Saves the choice in the state, because a new filter replaces the charts. */
  private readonly keepTables = ({ detail }: CustomEvent<boolean>): void => this.model.keep({ chartsAsTables: detail });

  private filter(value: Scalar): void {
    const { name } = this.model.dataset?.columns[this.index] ?? {};
    if (name === undefined) return;
    this.model.addCondition(
      value === null ? { column: name, op: 'is null', values: [] } : { column: name, op: '=', values: [String(value)] },
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-column-detail': ColumnDetail;
  }
}
