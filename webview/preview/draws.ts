import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { userLeftOut } from '../../src/core/report/pairText.ts';
import { requestedFor } from '../../src/core/sampling/requested.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { PreviewUser } from '../../src/protocol/sampling.ts';
import { columnsIcon } from '../components/columnsIcon.ts';
import '../components/menu.ts';
import type { Menu } from '../components/menu.ts';
import { segmented } from '../components/segmented.ts';
import { say, t } from '../strings.ts';
import './drawColumnChooser.ts';
import type { DrawColumnChooser } from './drawColumnChooser.ts';
import './drawList.ts';
import type { DrawList } from './drawList.ts';
import { PreviewElement } from './previewElement.ts';

/** The draws for the chosen user, by positive or by source; or why there are none. */
@customElement('rs-draws')
export class Draws extends PreviewElement {
  static override sheets = [
    css`
    rs-draws { flex: 1; min-width: 0; min-height: 0; display: flex; flex-direction: column; }
    rs-draws > header {
      flex: none;
      display: flex;
      align-items: center;
      gap: 6px;
      height: 36px;
      padding: 0 12px;
      border-bottom: 1px solid var(--vscode-panel-border);
      font-size: 12px;
    }
    rs-draws > header .facts { color: var(--rs-muted); font-size: 11px; font-variant-numeric: tabular-nums; }
    rs-draws > .note {
      padding: 16px;
      display: flex;
      flex-direction: column;
      align-items: flex-start;
      gap: 8px;
      max-width: 480px;
    }
  `,
  ];
  @query('rs-menu') private menu!: Menu;
  @query('rs-draw-list') private list!: DrawList | null;
  @query('rs-draw-column-chooser') private chooser!: DrawColumnChooser;
  @state() private by: 'positive' | 'source' = 'positive';

  protected override render(): TemplateResult | typeof nothing {
    const { model, by } = this;
    const { user, state: kept, sampler, preview } = model;
    const id = kept?.user ?? null;
    if (id === null) return nothing;
    const exposures = sampler?.plan?.unit === 'impression';
    return html`<header data-region><span class="mono">${id}</span><span class="facts cut">${user && user.groupCount > 0 ? summary(user, sampler?.plan?.unit ?? 'positive') : nothing}</span><span class="grow"></span>
        ${
          exposures
            ? nothing
            : segmented(
                t('Order of the draws'),
                [
                  ['positive', sampler?.plan?.unit === 'request' ? t('Request') : t('Positive')],
                  ['source', t('Source')],
                ] as const,
                by,
                (choice) => {
                  this.by = choice;
                },
              )
        }<button class="tool" aria-label=${t('Story of this user')} title=${`${t('Story of this user')} (H)`} @click=${() => model.keep({ mode: 'story' })}><span class="codicon codicon-history" aria-hidden="true"></span></button>${user === null || user.groups.length === 0 ? nothing : html`<button class="tool choose" aria-label=${t('Choose columns')} title=${t('Choose columns')} aria-haspopup="dialog" @click=${(event: Event) => this.chooseColumns(event)}>${columnsIcon}</button>`}</header>
      <rs-draw-column-chooser .model=${model} .shown=${() => this.list?.columns ?? []}></rs-draw-column-chooser>
      ${
        user === null
          ? this.missing(id, preview !== null)
          : !user.isKnown
            ? this.note(
                t('No rows of this user in the log'),
                t('Ids are compared as exact strings: leading zeros and signs count.'),
              )
            : user.groups.length === 0
              ? this.empty(user)
              : html`<rs-draw-list data-region="main" .model=${model} .user=${user} .by=${exposures ? 'positive' : by} .menu=${() => this.menu} @columns=${() => this.chooser.requestUpdate()}></rs-draw-list>`
      }<rs-menu></rs-menu>`;
  }

  private chooseColumns({ currentTarget }: Event): void {
    if (currentTarget instanceof HTMLElement) this.chooser.toggle(currentTarget);
  }

  private missing(user: string, others: boolean): TemplateResult | typeof nothing {
    if (this.model.busy) return html`<rs-skeleton></rs-skeleton>`;
    return others ? this.note(t('Nothing was drawn for {0} yet', user), '') : nothing;
  }

  private empty({ impressions, positiveImpressions, leftOut }: PreviewUser): TemplateResult {
    const { sampler, preview } = this.model;
    // For requests and exposures, events do not decide.
    if (sampler?.plan?.unit === 'request') return this.note(t('No requests of this user in the window'), '');
    if (sampler?.plan?.unit === 'impression') return this.note(t('No exposures of this user in the window'), '');
    if (preview?.facts.groups === 0)
      return this.note(
        t('No positives of any user in the window'),
        t('Check the window and the events of the positives.'),
      );
    if (leftOut) return this.note(t('No positives of this user are left'), say(userLeftOut(leftOut)));
    if (positiveImpressions > 0)
      return this.note(
        t('No positives of this user are left'),
        t(
          '{0} of {1} exposures have a positive event, but downsample_hot or max_per_user_per_day dropped them.',
          formatCount(positiveImpressions),
          formatCount(impressions),
        ),
      );
    return this.note(
      t('No positives of this user in the window'),
      t('{0} exposures, but none has a positive event: no negatives are drawn.', formatCount(impressions)),
    );
  }

  private note(title: string, text: string): TemplateResult {
    const { model } = this;
    const user = model.state?.user ?? '';
    return html`<div class="note" role="status"><h2>${title}</h2>${text === '' ? nothing : html`<p class="muted">${text}</p>`}
      <button class="link" @click=${() => model.users.remove(user)}>${t('Remove this user')}</button></div>`;
  }
}

/** `9 positives, 90 of 90`: drawn and requested negatives. */
function summary(user: PreviewUser, unit: 'positive' | 'request' | 'impression'): string {
  let negatives = 0;
  let requested = 0;
  for (const group of user.groups) {
    for (const { label } of group.rows) if (label === 0) negatives++;
    requested += requestedFor(group);
  }
  const groups = formatCount(user.groupCount);
  if (unit === 'impression') return t('{0} exposures', groups);
  const rows =
    user.groups.length < user.groupCount
      ? t('the first {0}', formatCount(user.groups.length))
      : t('{0} of {1}', formatCount(negatives), formatCount(requested));
  if (unit === 'request')
    return user.groupCount === 1 ? t('1 request, {0}', rows) : t('{0} requests, {1}', groups, rows);
  return user.groupCount === 1 ? t('1 positive, {0}', rows) : t('{0} positives, {1}', groups, rows);
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-draws': Draws;
  }
}
