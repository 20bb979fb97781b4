import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { likelyColumns, likeness, missingRoles } from '../../src/core/config/starterData.ts';
import type { BadRow, Dataset, Notice } from '../../src/core/table/dataset.ts';
import { formatCount } from '../../src/core/table/format.ts';
import { failureOf } from '../../src/core/message/failure.ts';
import { roleNames } from '../../src/core/table/roleName.ts';
import { isCancelled } from '../channel.ts';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import { moreNotices } from '../moreNotices.ts';
import { say, t } from '../strings.ts';
import { badRowList } from './badRows.ts';
import type { InspectorModel } from './inspectorModel.ts';
import { reloadText } from './reloadText.ts';
import { assignRole } from './roles.ts';

const listed = 200;
/** Maximum number of notices shown at once, so that they do not push the rows off the screen. */
const shownAtOnce = 2;

/** The likeliest columns of a missing role that are named; the others are in a list. */
const maxLikely = 3;

/** Notices about the rows below: skipped rows, limits, a changed file. */
@customElement('rs-notices')
export class Notices extends LightElement {
  static override sheets = [
    css`
    rs-notices { flex: none; display: block; font-size: 12px; line-height: 16px; }
    rs-notices .notice {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 28px;
      padding: 4px 16px;
      background: var(--vscode-editorWidget-background);
      border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    }
    rs-notices .question { flex-wrap: wrap; }
    rs-notices .column {
      flex: none;
      font-family: var(--vscode-editor-font-family);
      max-width: 200px;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    rs-notices .list { max-height: 160px; overflow: auto; border-bottom: 1px solid var(--vscode-panel-border); }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @state() private bad: { total: number; list: readonly BadRow[] } | null = null;
  @state() private all = false;
  private ofFile = '';

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { dataset, beforeReload } = this.model;
    if (!dataset) return nothing;
    if (dataset.fingerprint !== this.ofFile) {
      this.ofFile = dataset.fingerprint;
      this.bad = null;
    }
    const notices = dataset.notices;
    const visibleNotices = this.all ? notices : notices.slice(0, shownAtOnce);
    return html`
      ${
        beforeReload
          ? html`<div class="notice" role="status"><span class="codicon codicon-history warning-icon" aria-hidden="true"></span>
        <span class="grow">${t('The file changed on disk and was read again.')} ${reloadText(beforeReload, dataset)}</span>
        <button class="tool" aria-label=${t('Dismiss')} @click=${() => this.model.dismissChange()}><span class="codicon codicon-close" aria-hidden="true"></span></button></div>`
          : nothing
      }
      ${this.missingRole(dataset)}
      ${visibleNotices.map((notice) => this.notice(notice))}
      ${
        visibleNotices.length < notices.length
          ? html`<div class="notice"><button class="link" @click=${() => {
              this.all = true;
            }}>${moreNotices(notices.length - visibleNotices.length)}</button></div>`
          : nothing
      }`;
  }

  /** Asks for the first role that a log needs and no column has. */
  private missingRole({ columns }: Dataset): TemplateResult | typeof nothing {
    const [role] = likeness('', columns).impressions > 0 ? missingRoles('impressions', { columns }) : [];
    if (role === undefined) return nothing;
    const name = say(roleNames[role]);
    return html`<div class="notice question" role="status"><span class="codicon codicon-question" aria-hidden="true"></span>
      <span>${t('No column was recognised as {0}. Which one is it?', name)}</span>
      ${likelyColumns(role, columns)
        .slice(0, maxLikely)
        .map(
          (column) =>
            html`<button class="link column" @click=${() => void assignRole(this.model, role, column.name)}>${column.name}</button>`,
        )}
      <button class="link" @click=${() => void assignRole(this.model, role, null)}>${t('Another column…')}</button></div>`;
  }

  private notice(notice: Notice): TemplateResult {
    return html`<div class="notice" role="status">
      <span class="codicon codicon-${notice.severity} ${notice.severity}-icon" aria-hidden="true"></span><span class="grow">${say(notice.message)}</span>
      ${notice.code === 'bad-rows' ? html`<button class="link" aria-expanded=${this.bad ? 'true' : 'false'} @click=${() => void this.toggle()}>${this.bad ? t('Hide') : t('Show')}</button>` : nothing}</div>
      ${notice.code === 'bad-rows' ? this.badRows() : nothing}`;
  }

  private badRows(): TemplateResult | typeof nothing {
    const { bad } = this;
    if (!bad) return nothing;
    return html`<div class="list" tabindex="0" role="region" aria-label=${t('Bad rows')}>${badRowList(bad.list, (row) => this.go(row))}
      ${bad.total > bad.list.length ? html`<p class="caption">${t('The first {0} of {1}', formatCount(bad.list.length), formatCount(bad.total))}</p>` : nothing}</div>`;
  }

  private async toggle(): Promise<void> {
    if (this.bad) {
      this.bad = null;
      return;
    }
    try {
      this.bad = await this.model.request('badRows', { limit: listed });
    } catch (error) {
      if (!isCancelled(error)) this.model.say(say(failureOf(error).message));
    }
  }

  private go({ path, line }: BadRow): void {
    void this.model.channel
      .request('showLine', { path, line })
      .catch((error: unknown) => this.model.say(say(failureOf(error).message)));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-notices': Notices;
  }
}
