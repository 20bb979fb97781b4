import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { failureOf } from '../../src/core/message/failure.ts';
import type { InspectorCommand } from '../../src/protocol/inspector.ts';
import { timeColumn } from '../../src/core/table/grouping.ts';
import { formatCount } from '../../src/core/table/format.ts';
import { isCancelled } from '../channel.ts';
import { retryActions, where } from '../components/failure.ts';
import type { Menu } from '../components/menu.ts';
import { LightElement } from '../element.ts';
import { copySelection } from '../grid/commands.ts';
import type { Grid } from '../grid/grid.ts';
import { menuItems, type ViewText } from '../grid/menus.ts';
import { single } from '../grid/selection.ts';
import type { Unreadable } from '../grid/pages.ts';
import { MediaMatch } from '../narrow.ts';
import { Watch } from '../observable.ts';
import { say, t } from '../strings.ts';
import type { Footer } from './footer.ts';
import type { InspectorModel } from './inspectorModel.ts';
import { pickRole } from './roles.ts';
import { viewSql } from '../../src/core/viewSql/viewSql.ts';
import { inspectCommand } from './command.ts';
import '../components/menu.ts';
import '../grid/grid.ts';
import './columnDetail.ts';
import './detail.ts';
import './footer.ts';
import './groupBar.ts';
import './timeline.ts';
import './noMatch.ts';

/** The tab Rows: the grid, the detail of the active row or column next to or over it, and the footer. */
@customElement('rs-rows')
export class Rows extends LightElement {
  static override sheets = [
    css`
    rs-rows { flex: 1; min-height: 0; display: flex; flex-direction: column; }
    rs-rows > .split { flex: 1; min-height: 0; display: flex; position: relative; overflow: hidden; }
    rs-rows > .cancelled, rs-rows > .gap {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 28px;
      padding: 4px 16px;
      font-size: 12px;
      line-height: 16px;
      background: var(--vscode-editorWidget-background);
      border-bottom: 1px solid var(--vscode-panel-border);
    }
    rs-rows .stage { flex: 1; min-width: 0; min-height: 0; display: flex; position: relative; }
    /* Under the headers of the grid. */
    rs-rows .stage > .instead {
      position: absolute;
      z-index: 3;
      inset: 44px 0 0;
      display: flex;
      background: var(--vscode-editor-background);
    }
    rs-rows .stage > .instead.charts { top: 68px; }
    rs-rows .nothing { margin: auto; text-align: center; padding: 16px; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @query('rs-grid') private grid!: Grid | null;
  @query('rs-menu') private menu!: Menu;
  @query('rs-footer') private footer!: Footer;
  @query('.split > .pane') private pane!: HTMLElement | null;
  private readonly narrow = new MediaMatch(this);
  private hadPane = false;
  private observed: HTMLElement | null = null;
  private readonly resized = new ResizeObserver(() => this.cover());

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const position = model.positionOf(model.activeRow);
    return html`<rs-group-bar .model=${model}></rs-group-bar>
      ${model.state.timeline && timeColumn(model.dataset?.columns ?? []) !== null ? html`<rs-timeline .model=${model}></rs-timeline>` : nothing}
      ${model.pages.cancelled ? html`<div class="cancelled" role="status"><span class="grow">${t('Loading was cancelled.')}</span><button class="link" @click=${() => model.retryView()}>${t('Try again')}</button></div>` : nothing}
      ${model.pages.unreadable && !model.viewFailure ? this.gap(model.pages.unreadable) : nothing}
      <div class="split">${this.content()}
        ${
          model.state.detail && model.shownRows > 0 && !model.viewFailure && position !== null
            ? html`<rs-detail class="pane" data-region .model=${model} .row=${position} .source=${model.pages.sourceRow(model.activeRow)}
          @step=${(event: CustomEvent<number>) => this.step(event.detail)} @close=${() => this.closeDetail()}></rs-detail>`
            : this.profilePane()
        }
      </div>
      <rs-footer .model=${model} .grid=${this.grid}></rs-footer>
      <rs-menu></rs-menu>`;
  }

  /** The profile of the active column next to the grid. */
  private profilePane(): TemplateResult | typeof nothing {
    const { model } = this;
    const index = this.profiled;
    if (index === null) return nothing;
    const name = model.dataset?.columns[index]?.name ?? '';
    return html`<rs-column-detail class="pane" data-region role="region" aria-label=${t('Column profile')} .model=${model} .index=${index} .inRows=${true}
      @close=${() => this.closeDetail()} @role=${() => void pickRole(this.model, name)}></rs-column-detail>`;
  }

  /** Index of the column with the open profile: the active one, or the first. Null: no profile is open. */
  private get profiled(): number | null {
    const { dataset, state, viewFailure } = this.model;
    if (!state.columnPane || viewFailure || !dataset || dataset.columns.length === 0) return null;
    const name = state.active?.column ?? this.grid?.activeLane?.column.name;
    return Math.max(
      0,
      dataset.columns.findIndex((column) => column.name === name),
    );
  }

  /** Which rows cannot be read, where and why; the other rows stay visible below. */
  private gap({ first, end, failure: { code, message, place, advice } }: Unreadable): TemplateResult {
    const { model } = this;
    const last = model.rows === null ? end : Math.min(end, model.rows);
    return html`<div class="gap" role="status"><span class="codicon codicon-error error-icon" aria-hidden="true"></span>
      <span class="grow">${t('Rows {0} to {1} cannot be read.', formatCount(first + 1), formatCount(last))} ${say(message)}${place ? html` · <span class="muted">${where(place)}</span>` : nothing}${advice ? html` · ${say(advice)}` : nothing}</span>
      ${place?.column === undefined ? nothing : html`<button class="link" @click=${() => this.hide(place.column ?? '')}>${t('Hide column')}</button>`}
      ${retryActions({ code, message }, () => model.retryPages(), this.restart).map(({ label, run }) => html`<button class="link" @click=${run}>${label}</button>`)}</div>`;
  }

  private readonly restart = (): void => void this.model.channel.request('restartServer', null).catch(() => undefined);

  /** Hides a column that cannot be read: the other columns of its rows can be. */
  private hide(column: string): void {
    const { model } = this;
    model.keep({ hidden: [...model.state.hidden, column] });
    model.retryView();
  }

  /** The grid; without rows, its headers and the reason below them. */
  private content(): TemplateResult {
    const { model } = this;
    const instead = this.instead();
    if (instead && model.dataset?.columns.length === 0) return instead;
    return html`<div class="stage"><rs-grid data-region="main" .model=${model} @grid-change=${() => this.footer.requestUpdate()}
        @grid-menu=${(event: CustomEvent<{ x: number; y: number }>) => this.openMenu(event.detail)} @grid-go-to-row=${() => this.footer.askForRow()}></rs-grid>
      ${instead ? html`<div class="instead ${model.state.charts ? 'charts' : ''}" data-region>${instead}</div>` : nothing}</div>`;
  }

  private instead(): TemplateResult | null {
    const { model } = this;
    if (model.viewFailure) {
      const { viewFailure } = model;
      const column = viewFailure.place?.column;
      return html`<rs-failure .failure=${viewFailure} .actions=${[
        ...retryActions(viewFailure, () => model.retryView(), this.restart),
        ...(column === undefined ? [] : [{ label: t('Hide column'), kind: 'secondary', run: () => this.hide(column) }]),
        ...(model.filtered ? [{ label: t('Clear all'), kind: 'secondary', run: () => model.clearFilter() }] : []),
        {
          label: t('Show Log'),
          kind: 'link',
          run: () => void model.channel.request('showLog', null).catch(() => undefined),
        },
      ]}></rs-failure>`;
    }
    if (model.rows === 0) {
      return model.filtered
        ? html`<rs-no-match .model=${model}></rs-no-match>`
        : html`<div class="nothing"><h2>${t('This file has no rows')}</h2><p class="muted">${model.dataset?.columns.length === 0 ? t('It has no columns either.') : t('Its columns are in the tab Columns.')}</p></div>`;
    }
    return null;
  }

  async command(name: InspectorCommand): Promise<void> {
    await this.updateComplete;
    if (name === 'goToRow') this.footer.askForRow();
    else if (this.grid && (name === 'copy' || name === 'copyWithoutHeaders'))
      await copySelection(this.grid, name === 'copy' ? 'usual' : false);
  }

  protected override updated(): void {
    // The footer and the detail read the grid, which exists only after the first rendering.
    if (this.footer.grid !== this.grid) this.requestUpdate();
    const { grid, pane, profiled } = this;
    this.watchPane(pane);
    this.cover();
    this.model.profiles.want('pane', profiled === null ? [] : [profiled]);
    // Keep the active cell visible when the pane opens. A grid that is not drawn yet keeps its position from before a
    // reload.
    if (pane && !this.hadPane && grid?.widths) grid.reveal(grid.selection.active);
    this.hadPane = pane !== null;
  }

  /** Tells the grid how much of it the pane covers. */
  private cover(): void {
    const { grid, pane } = this;
    const covered = this.narrow.matches ? (pane?.offsetWidth ?? 0) : 0;
    if (!grid || grid.covered === covered) return;
    grid.covered = covered;
    grid.invalidate();
  }

  private watchPane(pane: HTMLElement | null): void {
    if (pane === this.observed) return;
    this.resized.disconnect();
    if (pane) this.resized.observe(pane);
    this.observed = pane;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watchPane(null);
    this.model.profiles.want('pane', []);
  }

  private openMenu({ x, y }: { x: number; y: number }): void {
    const { grid } = this;
    if (grid)
      void this.menu.show(
        x,
        y,
        menuItems(grid, {
          pickRole: (column) => void pickRole(this.model, column),
          addFilter: (column, range = false) =>
            this.dispatchEvent(new CustomEvent(range ? 'filter-range' : 'filter-column', { detail: column })),
          copyView: (as) => void this.copyView(as),
        }),
        () => grid.focusCell(),
      );
  }

  private async copyView(as: ViewText): Promise<void> {
    const { model } = this;
    try {
      await model.request('copyText', { text: await viewText(model, as) });
      model.say(t('Copied'));
    } catch (error) {
      if (!isCancelled(error)) {
        const { message, advice } = failureOf(error);
        model.say([message, ...(advice ? [advice] : [])].map(say).join('. '));
      }
    }
  }

  private step(by: number): void {
    const { grid } = this;
    if (!grid) return;
    const { active } = grid.selection;
    let row = active.row + by;
    // The heads of groups have no detail.
    while (row >= 0 && row < grid.rows && this.model.positionOf(row) === null) row += by;
    if (row >= 0 && row < grid.rows) grid.select(single({ ...active, row }));
  }

  /** Closes the detail of the row or the profile of the column. Returns false if neither was open. */
  closeDetail(): boolean {
    if (!this.pane) return false;
    this.model.keep({ detail: false, columnPane: false });
    this.grid?.focusCell();
    return true;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-rows': Rows;
  }
}

/**
 * The filter, the order and the columns of a view for another program.
 * @throws FailureError `unsupported` if the engine has no exact way
 */
async function viewText(model: InspectorModel, as: ViewText): Promise<string> {
  const { dataset, view, state } = model;
  const { path = '', columns = [], format = 'parquet' } = dataset ?? {};
  const { hidden } = state;
  const visibleNames =
    hidden.length === 0 ? null : columns.map(({ name }) => name).filter((name) => !hidden.includes(name));
  if (as === 'command') return inspectCommand(path, view, columns, visibleNames);
  // A folder's path does not name its files.
  const { files, text } = await model.request('facts', {});
  return viewSql(as, { path, format, columns, first: files.list[0]?.path ?? path, text }, view, visibleNames);
}
