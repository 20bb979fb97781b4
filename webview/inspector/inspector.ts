import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatBytes, formatCount } from '../../src/core/table/format.ts';
import { traitsOf } from '../../src/core/table/sampleName.ts';
import type { InspectorCommand, InspectorTab } from '../../src/protocol/inspector.ts';
import type { ChartFile } from '../charts/chartFile.ts';
import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import { retryActions, type FailureAction } from '../components/failure.ts';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import { say, t } from '../strings.ts';
import { FocusKeeper, focusRegion } from '../regions.ts';
import type { InspectorModel } from './inspectorModel.ts';
import { tabOf, tabs } from './tabs.ts';
import '../components/progress.ts';
import '../components/skeleton.ts';
import './audit/audit.ts';
import './columns.ts';
import './distribution/distribution.ts';
import './file.ts';
import './filterBar.ts';
import './notices.ts';
import './rows.ts';

function badge(findings: number): TemplateResult | typeof nothing {
  if (findings === 0) return nothing;
  const name = findings === 1 ? t('1 finding') : t('{0} findings', formatCount(findings));
  return html`<span class="badge" role="img" aria-label=${name} title=${name}>${formatCount(findings)}</span>`;
}

/** The whole inspector: tabs and the content of the chosen tab, or the reason why nothing can be shown. */
@customElement('rs-inspector')
export class Inspector extends LightElement {
  static override sheets = [
    css`
    rs-inspector { display: flex; flex-direction: column; height: 100%; position: relative; }
    rs-inspector > .tabs {
      display: flex;
      align-items: center;
      height: 36px;
      padding: 0 16px;
      border-bottom: 1px solid var(--vscode-panel-border);
      flex: none;
      gap: 20px;
    }
    rs-inspector .tablist { display: flex; gap: 20px; }
    rs-inspector .tab {
      height: 36px;
      line-height: 36px;
      position: relative;
      color: var(--rs-muted);
      white-space: nowrap;
    }
    rs-inspector .tab:hover, rs-inspector .tab[aria-selected='true'] { color: var(--vscode-foreground); }
    rs-inspector .tab[aria-selected='true']::after { content: ''; position: absolute; left: 0; right: 0; bottom: 0; height: 2px; background: var(--vscode-panelTitle-activeBorder); }
    rs-inspector .tab .badge {
      display: inline-block;
      min-width: 16px;
      height: 16px;
      margin-left: 6px;
      padding: 0 4px;
      box-sizing: border-box;
      border-radius: 8px;
      font-size: 11px;
      line-height: 16px;
      text-align: center;
      font-variant-numeric: tabular-nums;
      background: var(--vscode-badge-background);
      color: var(--vscode-badge-foreground);
    }
    body.vscode-high-contrast rs-inspector .tab .badge { outline: 1px solid var(--vscode-contrastBorder); outline-offset: -1px; }
    rs-inspector .facts {
      margin-left: auto;
      display: flex;
      flex-wrap: wrap;
      justify-content: safe flex-end;
      height: 18px;
      line-height: 18px;
      gap: 0 16px;
      font-size: 12px;
      color: var(--rs-muted);
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
      overflow: hidden;
    }
    rs-inspector > .panel { flex: 1; min-height: 0; display: flex; flex-direction: column; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;

  private readonly focusKeeper = new FocusKeeper(this);

  constructor() {
    super();
    new Watch(this, () => this.model);
    new Watch(this, () => this.model.audit);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.model.channel.on('command', ({ name }) => void this.command(name));
    this.model.channel.on('restarted', () => retryFailed(this.model));
    // VS Code listens on the window. A key that the page uses must not trigger a VS Code command too.
    document.addEventListener('keydown', (event) => this.key(event));
    this.addEventListener('save-chart', (event) => this.saveChart((event as CustomEvent<ChartFile>).detail));
  }

  protected override updated(): void {
    this.focusKeeper.onDrawn();
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const { dataset, failure, state } = model;
    if (failure) return html`<rs-failure .failure=${failure} .actions=${this.failureActions(failure)}></rs-failure>`;
    return html`
      <rs-progress .jobs=${model.jobs} @cancel=${() => model.cancel()}></rs-progress>
      <div class="tabs" data-region>
        <div class="tablist" role="tablist" aria-label=${t('Views of the file')}>${tabs.map(
          ({ id, label, findings }, k) => html`
          <button class="tab" role="tab" id="tab-${id}" aria-selected=${state.tab === id ? 'true' : 'false'} aria-controls="panel" tabindex=${state.tab === id ? 0 : -1}
            title=${`Alt+${k + 1}`} @click=${() => this.show(id)} @keydown=${(event: KeyboardEvent) => this.tabKey(event)}>${label()}${badge(findings?.(model) ?? 0)}</button>`,
        )}
        </div>
        <div class="facts">${
          dataset === null
            ? nothing
            : html`
          <span>${dataset.rows === null ? t('counting rows') : t('{0} rows', formatCount(dataset.rows))}</span>
          <span>${t('{0} columns', formatCount(dataset.columns.length))}</span>
          <span>${formatBytes(dataset.bytes)}</span>`
        }
        </div>
      </div>
      <div class="panel" role="tabpanel" id="panel" aria-labelledby="tab-${state.tab}">
        ${dataset === null ? html`<rs-skeleton></rs-skeleton>` : this.panel(state.tab)}
      </div>`;
  }

  private panel(id: InspectorTab): TemplateResult {
    const { model } = this;
    const tab = tabOf(id);
    const filterColumn = (name: string, range = false): void =>
      this.querySelector('rs-filter-bar')?.addFilter(name, range);
    return html`${tab.isFiltered ? html`<rs-filter-bar .model=${model}></rs-filter-bar>` : nothing}${tab.render(model, filterColumn)}`;
  }

  private failureActions(failure: Failure): FailureAction[] {
    const { model } = this;
    const { readAs } = failure;
    // A retry would fail: the same bytes still have the wrong format.
    const isText = failure.code === 'wrong-format' || readAs !== undefined;
    return [
      ...(readAs
        ? [
            {
              label: t('Open as {0}', traitsOf(readAs).label),
              kind: 'primary' as const,
              run: () => void model.open('openAs'),
            },
          ]
        : []),
      ...(isText
        ? []
        : retryActions(
            failure,
            () => void model.open(),
            () => void model.channel.request('restartServer', null).catch(() => undefined),
          )),
      {
        label: t('Reopen as text'),
        kind: isText && !readAs ? 'primary' : 'secondary',
        run: () => void model.channel.request('reopenAsText', null).catch(() => undefined),
      },
      ...(isText ? [{ label: t('Try again'), kind: 'secondary' as const, run: () => void model.open() }] : []),
      {
        label: t('Show Log'),
        kind: 'link',
        run: () => void model.channel.request('showLog', null).catch(() => undefined),
      },
    ];
  }

  private show(tab: InspectorTab): void {
    this.model.keep({ tab });
  }

  private saveChart(file: ChartFile): void {
    void this.model.channel
      .request('saveChart', file)
      .catch((error: unknown) => this.model.say(say(failureOf(error).message)));
  }

  private async showAndUpdate(tab: InspectorTab): Promise<void> {
    this.show(tab);
    await this.redrawn();
  }

  private tabKey(event: KeyboardEvent): void {
    const order = tabs.map(({ id }) => id);
    const index = order.indexOf(this.model.state.tab);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next =
      event.key === 'Home'
        ? order[0]
        : event.key === 'End'
          ? order.at(-1)
          : step === 0
            ? undefined
            : order[(index + step + order.length) % order.length];
    if (next === undefined) return;
    event.preventDefault();
    this.show(next);
    void this.redrawn().then(() => this.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey && !event.ctrlKey && !event.shiftKey && /^[1-9]$/.test(event.key)) {
      const tab = tabs[Number(event.key) - 1];
      if (!tab) return;
      this.show(tab.id);
    } else if (event.key === 'F6') focusRegion(this, event.shiftKey ? -1 : 1);
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') this.focusFilter();
    else if (event.key === 'Escape') {
      const closed = this.closePane();
      if (!closed && !this.model.jobs.shown) return;
      if (!closed) this.model.cancel();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private closePane(): boolean {
    return this.querySelector('rs-rows')?.closeDetail() ?? this.querySelector('rs-columns')?.closePane() ?? false;
  }

  private focusFilter(): void {
    if (!tabOf(this.model.state.tab).isFiltered) this.show('rows');
    void this.redrawn().then(() => this.querySelector('rs-filter-bar')?.focusField());
  }

  private async command(name: InspectorCommand): Promise<void> {
    const tab = tabs.find(({ command }) => command === name);
    if (tab) this.show(tab.id);
    else await this.actions[name]?.();
  }

  /** Palette commands that do more than show a tab. */
  private readonly actions: Partial<Record<InspectorCommand, () => void | Promise<void>>> = {
    filter: () => this.focusFilter(),
    clearFilter: () => this.model.clearFilter(),
    chooseColumns: async () => {
      await this.showAndUpdate('rows');
      this.querySelector('rs-filter-bar')?.chooseColumns();
    },
    goToRow: () => this.inRows('goToRow'),
    copy: () => this.inRows('copy'),
    copyWithoutHeaders: () => this.inRows('copyWithoutHeaders'),
  };

  private async inRows(name: 'goToRow' | 'copy' | 'copyWithoutHeaders'): Promise<void> {
    await this.showAndUpdate('rows');
    await this.querySelector('rs-rows')?.command(name);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-inspector': Inspector;
  }
}

/** After a restart of the server: repeats failed requests and keeps what is shown. */
function retryFailed(model: InspectorModel): void {
  const { pages, profiles, audit } = model;
  if (model.failure) void model.open();
  else if (model.viewFailure) model.retryView();
  else {
    if (pages.failure || pages.cancelled) model.retryPages();
    if (profiles.failure) profiles.retry();
  }
  if (audit.state.kind === 'failed') audit.reset();
}
