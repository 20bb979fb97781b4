import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { isAllDistinct } from '../../src/core/table/allDistinct.ts';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import { integerTextsNote } from '../../src/core/table/integerTexts.ts';
import { traitsOf } from '../../src/core/table/sampleName.ts';
import type { ColumnProfile, Scalar } from '../../src/core/table/profile.ts';
import { roleIcons, roleNames } from '../../src/core/table/roleName.ts';
import { isNested, typeName, unreadableMessage } from '../../src/core/table/type.ts';
import '../charts/histogram.ts';
import { sourceGlyph } from '../charts/source.ts';
import { LightElement } from '../element.ts';
import { isExact, isMono } from '../grid/cellContent.ts';
import { Watch } from '../observable.ts';
import { alikeTexts, amountText, scalarText } from '../scalar.ts';
import { say, t } from '../strings.ts';
import type { InspectorModel } from './inspectorModel.ts';

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
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @property({ attribute: false }) index = 0;

  constructor() {
    super();
    new Watch(this, () => this.model);
    new Watch(this, () => this.model.profiles);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const column = model.dataset?.columns[this.index];
    if (!column) return nothing;
    const profile = model.profiles.get(this.index);
    const { failure } = model.profiles;
    const { role } = column;
    const unreadable = unreadableMessage(column);
    if (unreadable) {
      return html`<header tabindex="0" aria-label=${column.name}><strong class="cut">${column.name}</strong><span class="caption cut grow">${typeName(column.type)}</span></header><p>${say(unreadable)}</p>`;
    }
    return html`
      <header tabindex="0" aria-label=${column.name}><strong class="cut">${column.name}</strong><span class="caption cut grow">${typeName(column.type)}</span>
        <button class="link" aria-label=${t('Add a filter on {0}', column.name)} @click=${() => this.dispatchEvent(new CustomEvent('filter-column', { bubbles: true, detail: column.name }))}>${t('Filter')}</button>
        <button class="tool narrow-only" aria-label=${t('Close')} title="Esc" @click=${() => this.dispatchEvent(new CustomEvent('close'))}><span class="codicon codicon-close" aria-hidden="true"></span></button></header>
      <div class="role"><span class="muted">${t('Role')}</span>
        <button aria-haspopup="dialog" @click=${() => this.dispatchEvent(new CustomEvent('role'))}>
          ${role ? html`<span class="codicon codicon-${roleIcons[role.role]}" aria-hidden="true"></span>` : nothing}
          <span class="grow cut">${role ? say(roleNames[role.role]) : t('set role')}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span></button></div>
      ${role ? html`<p class="caption reason">${role.set ? t('Set by you') : say(role.reason)}</p>` : html`<p class="caption reason">${t('No role was recognised')}</p>`}
      ${profile ? this.profile(profile) : failure ? html`<p role="alert">${say(failure.message)}</p><button class="link" @click=${() => model.profiles.retry()}>${t('Try again')}</button>` : html`<p class="muted">${t('Profiling')}</p>`}`;
  }

  private profile(profile: ColumnProfile): TemplateResult {
    const { dataset } = this.model;
    const note = dataset && integerTextsNote(profile, traitsOf(dataset.format).isText);
    return html`<div class="profile">
      ${note ? html`<p class="caption reason">${say(note)}</p>` : nothing}
      <rs-histogram .profile=${profile}></rs-histogram>
      <div class="figures">${figures(profile).map(([label, value, wide]) => html`<div class=${wide ? 'wide' : ''}><span class="muted">${label}</span><span class="number cut" title=${value}>${value}</span></div>`)}</div>
      ${isAllDistinct(profile) ? html`<p class="section">${t('All values are distinct.')}</p>` : profile.top.length === 0 || isNested(profile.type) ? nothing : this.top(profile)}</div>`;
  }

  private top(profile: ColumnProfile): TemplateResult {
    const { type, rows, nulls } = profile;
    const filled = Math.max(1, rows - nulls);
    const most = Math.max(...profile.top.map(({ count }) => count), 1);
    const texts = alikeTexts(
      profile.top.map(({ value }) => value),
      type,
    );
    return html`<div class="section"><h3>${t('Top values')}</h3><span class="caption">${profile.topExact ? t('share of rows that are not null') : t('estimates, share of rows that are not null')}</span>
      <table class=${isExact(type) ? 'exact' : ''}><tbody>${profile.top.map(
        ({ value, count }, k) => html`<tr>
        <td><button class=${isMono(type) ? 'mono cut' : 'cut'} title=${t('Filter by {0}', scalarText(value, type))} @click=${() => this.filter(value)}>
          ${profile.role?.role === 'source' ? sourceGlyph(String(value)) : nothing}${value === '' ? '""' : texts[k]}</button></td>
        <td><svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${svg`<rect class="bars" width=${Math.max(1, (count / most) * 100)} height="8"></rect>`}</svg></td>
        <td class="number">${formatCount(count)}</td><td class="number muted">${formatPercent(count / filled)}</td></tr>`,
      )}</tbody></table></div>`;
  }

  private filter(value: Scalar): void {
    const { name } = this.model.dataset?.columns[this.index] ?? {};
    if (name === undefined) return;
    this.model.addCondition(
      value === null ? { column: name, op: 'is null', values: [] } : { column: name, op: '=', values: [String(value)] },
    );
  }
}

/** Label, value, and whether the value needs the full width. */
function figures(profile: ColumnProfile): [string, string, boolean][] {
  const { type, quantiles, of, min, max, mean, sd, nulls, distinct } = profile;
  const levels = ['p5', 'p25', 'p50', 'p75', 'p95'] as const;
  const texts =
    quantiles && of === 'length'
      ? levels.map((level) => amountText(quantiles[level]))
      : alikeTexts([min, max, ...levels.map((level) => quantiles?.[level] ?? min)], type);
  const [minText = '', maxText = '', ...levelTexts] =
    quantiles && of === 'length' ? [scalarText(min, type), scalarText(max, type), ...texts] : texts;
  const long = type.kind !== 'float' && [min, max].some((v) => String(v).length > 12);
  const list: [string, string, boolean][] = [];
  if (min !== null) list.push([t('min'), minText, long], [t('max'), maxText, long]);
  if (quantiles) {
    const wide = long && of === 'value';
    const about = of === 'length' ? t('length') : '';
    levels.forEach((level, k) =>
      list.push([
        [about, level].filter((part) => part !== '').join(' '),
        `${quantiles.exact ? '' : '≈ '}${levelTexts[k] ?? ''}`,
        wide,
      ]),
    );
  }
  if (mean !== null) list.push([t('mean'), scalarText(mean, { kind: 'float', bits: 64 }), false]);
  if (sd !== null) list.push([t('std'), scalarText(sd, { kind: 'float', bits: 64 }), false]);
  list.push(
    [t('nulls'), formatCount(nulls), false],
    [t('distinct'), `${distinct.exact ? '' : '≈ '}${formatCount(distinct.value)}`, false],
  );
  return list;
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-column-detail': ColumnDetail;
  }
}
