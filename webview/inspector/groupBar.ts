import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { formatCount } from '../../src/core/table/format.ts';
import { groupKeys, groupingOf, groupings, timeColumn, type Grouping } from '../../src/core/table/grouping.ts';
import { maxOpened, type GroupRows } from '../grid/groupRows.ts';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import { say, t } from '../strings.ts';
import type { InspectorModel } from './inspectorModel.ts';

/** How the rows are arranged: their groups and their order. */
@customElement('rs-group-bar')
export class GroupBar extends LightElement {
  static override sheets = [
    css`
    rs-group-bar {
      flex: none; display: flex; align-items: center; flex-wrap: wrap; gap: 4px 8px; min-height: 32px; padding: 4px 16px; font-size: 12px; line-height: 16px;
      border-bottom: 1px solid var(--vscode-panel-border);
    }
    rs-group-bar label { display: flex; align-items: center; gap: 8px; }
    rs-group-bar select {
      height: 22px; width: 120px; padding: 0 4px; font: inherit; color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background);
      border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, var(--vscode-panel-border))); border-radius: 2px;
    }
    rs-group-bar select:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
    rs-group-bar .sort { display: flex; align-items: center; flex-wrap: wrap; gap: 4px 8px; margin-left: 8px; min-width: 0; }
    rs-group-bar .chip {
      display: inline-flex; align-items: center; height: 22px; padding: 0 2px; gap: 2px; max-width: 240px; border-radius: 2px;
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); background: var(--vscode-input-background); color: var(--vscode-input-foreground);
    }
    rs-group-bar .chip button { display: inline-flex; align-items: center; height: 18px; min-width: 18px; justify-content: center; border-radius: 3px; padding: 0 2px; }
    rs-group-bar .chip button:first-child { min-width: 0; gap: 4px; padding: 0 4px; }
    rs-group-bar .chip button:hover { background: var(--vscode-toolbar-hoverBackground); }
    rs-group-bar .chip .codicon { font-size: 14px; }
    rs-group-bar .right { margin-left: auto; display: flex; align-items: center; gap: 4px; }
    rs-group-bar .count { margin-right: 8px; white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--rs-muted); }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  protected override render(): TemplateResult {
    const { model } = this;
    return html`${this.choice()}
      ${model.view.sort.length === 0 ? nothing : html`<span class="sort" role="group" aria-label=${t('Order')}><span class="muted">${t('Sort')}</span>${this.sortChips()}</span>`}
      <span class="right">${model.groups ? this.groupTools(model.groups) : nothing}${this.timelineTool()}</span>`;
  }

  private choice(): TemplateResult {
    const { model } = this;
    const columns = model.dataset?.columns ?? [];
    const { group } = model.view;
    const current = group ? groupingOf(group, columns) : null;
    return html`<label><span class="muted">${t('Group by')}</span>
      <select @change=${(event: Event) => this.group((event.target as HTMLSelectElement).value)}>
        <option value="" .selected=${live(group === undefined)}>${t('nothing')}</option>
        ${group && current === null ? html`<option value="other" .selected=${live(true)}>${group.map(({ column }) => column).join(', ')}</option>` : nothing}
        ${groupings.map((grouping) => {
          const { lacks } = groupKeys(grouping, columns);
          const text = groupingName(grouping);
          return html`<option value=${grouping} .selected=${live(grouping === current)} ?disabled=${lacks !== null} title=${lacks ? say(lacks) : nothing}>${lacks ? `${text} (${say(lacks)})` : text}</option>`;
        })}
      </select></label>`;
  }

  private sortChips(): TemplateResult[] {
    const { model } = this;
    return model.view.sort.map(({ column, descending }, k) => {
      const direction = descending ? t('descending') : t('ascending');
      return html`<span class="chip"><button title=${t('Sort by {0}, {1}: reverse', column, direction)} aria-label=${t('Sort by {0}, {1}: reverse', column, direction)} @click=${() => model.sortBy(column, true, !descending)}>
          ${model.view.sort.length > 1 ? html`<span class="muted">${k + 1}</span>` : nothing}<span class="cut">${column}</span><span class="codicon codicon-arrow-${descending ? 'down' : 'up'}" aria-hidden="true"></span></button>
        <button aria-label=${t('Remove {0}', column)} title=${t('Remove {0}', column)} @click=${() => model.sortBy(column, true, null)}><span class="codicon codicon-close" aria-hidden="true"></span></button></span>`;
    });
  }

  private groupTools(groups: GroupRows): TemplateResult {
    const { total } = groups;
    const tooMany = total === null || total > maxOpened;
    const expand = tooMany
      ? t('At most {0} groups can be opened at once', formatCount(maxOpened))
      : t('Open all groups');
    return html`<span class="count" role="status">${total === null ? t('counting groups') : total === 1 ? t('1 group') : t('{0} groups', formatCount(total))}</span>
      <button class="tool" ?disabled=${tooMany} aria-label=${expand} title=${expand} @click=${() => groups.openAll()}><span class="codicon codicon-expand-all" aria-hidden="true"></span></button>
      <button class="tool" ?disabled=${groups.isAllClosed} aria-label=${t('Close all groups')} title=${t('Close all groups')} @click=${() => groups.closeAll()}><span class="codicon codicon-collapse-all" aria-hidden="true"></span></button>`;
  }

  private timelineTool(): TemplateResult | typeof nothing {
    const { model } = this;
    if (timeColumn(model.dataset?.columns ?? []) === null) return nothing;
    const { timeline } = model.state;
    return html`<button class="tool" aria-label=${t('Timeline')} title=${t('Timeline')} aria-pressed=${timeline ? 'true' : 'false'} @click=${() => model.keep({ timeline: !timeline })}><span class="codicon codicon-history" aria-hidden="true"></span></button>`;
  }

  private group(value: string): void {
    const { model } = this;
    const { group: _, ...view } = model.view;
    const grouping = groupings.find((one) => one === value);
    const keys = grouping ? groupKeys(grouping, model.dataset?.columns ?? []).keys : null;
    model.setView(keys ? { ...view, group: keys } : view);
  }
}

function groupingName(grouping: Grouping): string {
  switch (grouping) {
    case 'positive':
      return t('positive');
    case 'request':
      return t('request');
    case 'user':
      return t('user');
    case 'day':
      return t('day');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-group-bar': GroupBar;
  }
}
