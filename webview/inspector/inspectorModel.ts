import type { Dataset } from '../../src/core/table/dataset.ts';
import {
  isFiltered,
  viewKey,
  type Condition,
  type Filter,
  type SortKey,
  type View,
} from '../../src/core/table/filter.ts';
import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import type { Page, Progress } from '../../src/protocol/engine.ts';
import type { InspectorEvents, InspectorState } from '../../src/protocol/inspector.ts';
import type { InspectorNotifications, InspectorRequests } from '../../src/protocol/inspectorRequests.ts';
import { isCancelled, type Channel } from '../channel.ts';
import { Observable } from '../observable.ts';
import { rowHeight } from '../grid/geometry.ts';
import { GroupedPages } from '../grid/groupedPages.ts';
import type { GroupRows } from '../grid/groupRows.ts';
import { Pages, isGone, pageRows, type PageQuery } from '../grid/pages.ts';
import { Jobs } from '../jobs.ts';
import { AuditRun } from './audit/auditRun.ts';
import { freshGroups, type HeadLoader } from './freshGroups.ts';
import { Profiles } from './profiles.ts';
import { fitState, freshState, hasSameRoles, isAlike, ofChangedFile, readState, withRolesOf } from './state.ts';

export type InspectorChannel = Channel<InspectorRequests, InspectorEvents, InspectorNotifications>;
type Method = keyof InspectorRequests;

const saveDelay = 200;

/** The state of one inspector: the data set, its view, and all requests. Elements read it and call its methods. */
export class InspectorModel extends Observable {
  readonly jobs = new Jobs();
  readonly profiles: Profiles;
  readonly audit = new AuditRun((params, signal, audited) =>
    this.request('audit', params, signal, (progress) => {
      if (progress.audited) audited(progress.audited);
    }),
  );
  dataset: Dataset | null = null;
  /** Why nothing can be shown. */
  failure: Failure | null = null;
  /** Rows of the view; null while they are being counted. */
  rows: number | null = null;
  /** If no row matches all conditions: the number of rows that match each condition alone, and then the expression. */
  alone: readonly number[] | null = null;
  /** Why the view cannot be shown although the data set can, for example a filter that the engine refuses. */
  viewFailure: Failure | null = null;
  pages: Pages;
  /** The groups of a grouped view. */
  groups: GroupRows | null = null;
  state: InspectorState;
  /** The last action without a visible result: read by screen readers, and in the footer until the next one. */
  said = '';
  /** The data set before the file changed on disk; null if it did not, or the notice was dismissed. */
  beforeReload: Dataset | null = null;
  /** The previous view, restored if the first page of the current one is cancelled; null after a page arrived. */
  private before: View | null = null;
  /** One more than the last row that arrived; if that page was full, plus one more page. */
  private seen = 0;
  private opening = 0;
  private counting = new AbortController();
  private paintedOnce = false;
  private saving: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly channel: InspectorChannel) {
    super();
    this.state = readState(channel.restore());
    this.pages = this.freshPages();
    this.profiles = new Profiles((columns, depth, signal) =>
      this.request('profile', { view: { filter: this.view.filter, sort: [] }, columns, depth }, signal),
    );
    channel.on('reloaded', ({ dataset }) => this.accept(dataset, true));
    channel.on('roles', ({ dataset }) => this.takeRoles(dataset));
    channel.on('failed', ({ failure }) => this.fail(failure));
    window.addEventListener('pagehide', () => this.save());
  }

  get view(): View {
    return this.state.view;
  }
  get filtered(): boolean {
    return isFiltered(this.view.filter);
  }

  /** Number of rows to show. While the rows of the view are counted: the rows seen so far, plus some more. */
  get shownRows(): number {
    if (this.viewFailure) return 0;
    // At least up to the scroll position from before a reload.
    const least = Math.ceil(this.state.top / rowHeight) + 100;
    return this.groups?.linesOrAtLeast(least) ?? this.rows ?? Math.max(this.seen, least);
  }

  /** The active row of the view, 0-based: marked in the grid, shown in the detail, named in the footer. */
  get activeRow(): number {
    return Math.max(0, Math.min(this.state.active?.row ?? 0, this.shownRows - 1));
  }

  /** Position in the view of a row of the grid; null for the head of a group. */
  positionOf = (row: number): number | null => (this.groups ? this.groups.positionOf(row) : row);

  /** A request that is shown as a job if it takes long. */
  request<M extends Method>(
    method: M,
    params: InspectorRequests[M]['params'],
    signal?: AbortSignal,
    progressed?: (progress: Progress) => void,
  ): Promise<InspectorRequests[M]['result']> {
    return this.jobs.run(
      ({ progress, ...context }) =>
        this.channel.request(method, params, {
          ...context,
          progress: (update) => {
            progress(update);
            progressed?.(update);
          },
        }),
      signal,
    );
  }

  async open(method: 'open' | 'openAs' = 'open'): Promise<void> {
    const attempt = ++this.opening;
    this.failure = null;
    this.changed();
    try {
      const dataset = await this.request(method, null);
      if (attempt === this.opening) this.accept(dataset, false);
    } catch (error) {
      if (attempt === this.opening) this.fail(failureOf(error));
    }
  }

  /** Changes the saved state. Saved at once, because the window may be closed next. */
  keep(change: Partial<InspectorState>): void {
    this.state = { ...this.state, ...change };
    if ('hidden' in change) {
      this.viewFailure = null;
      this.renewPages();
      this.notifyViewing();
    }
    this.save();
    this.changed();
  }

  /**
   * Keeps the scroll position. It changes in every frame and nothing else depends on it, so it is saved when scrolling
   * stops.
   */
  keepPlace(top: number, left: number): void {
    this.state = { ...this.state, top, left };
    this.saveSoon();
  }

  setFilter(filter: Filter): void {
    this.setView({ ...this.view, filter });
  }
  addCondition(condition: Condition): void {
    const { conditions, expression } = this.view.filter;
    this.setFilter({ expression, conditions: [...conditions, condition] });
  }
  removeCondition(place: number): void {
    const { conditions, expression } = this.view.filter;
    this.setFilter({ expression, conditions: conditions.filter((_, k) => k !== place) });
  }
  clearFilter = (): void => this.setFilter({ conditions: [], expression: '' });

  /** Cycles ascending, descending, file order; `add` keeps the other sort keys. */
  sortBy(column: string, add: boolean, descending?: boolean | null): void {
    const { sort } = this.view;
    const key = sort.find((k) => k.column === column);
    const next = descending === undefined ? (key === undefined ? false : key.descending ? null : true) : descending;
    const others = add ? sort.filter((k) => k.column !== column) : [];
    const renewed: SortKey[] = next === null ? [] : [{ column, descending: next }];
    const index = add ? sort.findIndex((k) => k.column === column) : -1;
    this.setView({
      ...this.view,
      sort: index < 0 ? [...others, ...renewed] : [...others.slice(0, index), ...renewed, ...others.slice(index)],
    });
  }

  setView(view: View): void {
    if (viewKey(view) === viewKey(this.view)) return;
    const sameFilter = viewKey({ ...view, sort: [] }) === viewKey({ ...this.view, sort: [] });
    this.before ??= this.view;
    const { active } = this.state;
    // Other rows or another order start at the first row; the column stays.
    this.keep({ view, top: 0, active: active && { ...active, row: 0 }, openGroups: [] });
    this.renewPages();
    this.viewFailure = null;
    if (!sameFilter) {
      this.profiles.reset();
      this.count();
    }
    this.notifyViewing();
  }

  /** Cancels running requests. A view without a page is replaced by the previous view. */
  cancel(): void {
    const { before } = this;
    this.before = null;
    this.jobs.cancel();
    if (before) this.setView(before);
    this.before = null;
  }

  retryView(): void {
    this.viewFailure = null;
    this.renewPages();
    this.profiles.retry();
    this.count();
  }

  /** Requests again the visible rows that could not be read. */
  retryPages(): void {
    this.pages.retry();
    this.changed();
  }

  toggleCharts = (): void => this.keep({ charts: !this.state.charts });

  dismissChange(): void {
    this.beforeReload = null;
    this.changed();
  }

  /** The rows are painted; the host is notified once. */
  painted(): void {
    if (this.paintedOnce) return;
    this.paintedOnce = true;
    this.channel.notify('painted', { milliseconds: performance.now() });
  }

  /** Shows the rows of a filter in the tab Rows. */
  showRows(filter: Filter): void {
    this.setFilter(filter);
    this.keep({ tab: 'rows' });
  }

  say(text: string): void {
    this.said = text;
    this.changed();
  }

  takeRoles(dataset: Dataset): void {
    const before = this.dataset;
    this.adopt(dataset);
    // The audit reads the columns by their roles.
    if (!before || !hasSameRoles(before, dataset)) this.audit.reset();
    this.changed();
  }

  private accept(dataset: Dataset, reloaded: boolean): void {
    this.opening++;
    this.failure = null;
    this.viewFailure = null;
    // Several changes are reported as one, until the notice is dismissed.
    this.beforeReload = reloaded ? (this.beforeReload ?? this.dataset) : null;
    this.dataset = dataset;
    if (reloaded) this.audit.fileChanged();
    else this.audit.reset();
    this.refresh(dataset, reloaded ? ofChangedFile(this.state) : this.state);
    this.notifyViewing();
    if (dataset.rows === null) void this.settle(dataset);
    this.changed();
  }

  private fail(failure: Failure): void {
    this.opening++;
    this.failure = failure;
    this.pages.close();
    this.counting.abort();
    this.changed();
  }

  /** Takes better facts about the same files. Requests everything again if the columns changed; the position stays. */
  private adopt(dataset: Dataset): void {
    const before = this.dataset;
    this.dataset = dataset;
    if (before && isAlike(before, dataset)) {
      this.profiles.relabel(dataset);
      // The label column may have changed, and with it which rows are positive.
      if (this.groups) this.renewPages();
      if (!this.filtered) this.rows = dataset.rows;
    } else this.refresh(dataset);
  }

  /** Fits the view to the columns of a data set, and requests everything again. */
  private refresh(dataset: Dataset, state = this.state): void {
    this.state = fitState(state, dataset);
    this.before = null;
    this.renewPages();
    this.profiles.reset();
    this.count();
  }

  /** Waits until the whole file has been read: all its columns and types, its number of rows, its notices. */
  private async settle(dataset: Dataset): Promise<void> {
    try {
      const settled = await this.request('settle', {});
      if (this.dataset?.fingerprint !== dataset.fingerprint) return;
      // A role that was set meanwhile is newer than the answer.
      const columns = this.dataset === dataset ? settled.columns : withRolesOf(this.dataset.columns, settled.columns);
      this.adopt({ ...settled, columns });
      this.changed();
      this.notifyViewing();
    } catch (error) {
      if (!isCancelled(error) && this.dataset?.fingerprint === dataset.fingerprint) this.fail(failureOf(error));
    }
  }

  private count(): void {
    this.alone = null;
    this.counting.abort();
    this.counting = new AbortController();
    this.rows = this.filtered ? null : (this.dataset?.rows ?? null);
    if (this.filtered) void this.countRows(this.view, this.counting.signal);
    this.changed();
  }

  private async countRows(view: View, signal: AbortSignal): Promise<void> {
    try {
      const { rows, alone } = await this.request('count', { view }, signal);
      this.rows = rows;
      this.alone = alone;
      this.changed();
      this.notifyViewing();
    } catch (error) {
      if (!isCancelled(error)) this.failView(failureOf(error));
    }
  }

  private failView(failure: Failure): void {
    if (isGone(failure)) this.fail(failure);
    else {
      this.viewFailure = failure;
      this.changed();
    }
  }

  private renewPages(): void {
    this.pages.close();
    this.seen = 0;
    this.pages = this.freshPages();
  }

  private freshPages(): Pages {
    const { dataset, view, state } = this;
    const hidden = new Set(state.hidden);
    const load: HeadLoader = (query, signal) => this.request('groups', query, signal);
    this.groups = freshGroups(dataset, view, state.openGroups, load, (groups) => this.groupsChanged(groups));
    const parts: ConstructorParameters<typeof Pages> = [
      dataset?.columns.length ?? 0,
      (index) => hidden.has(dataset?.columns[index]?.name ?? ''),
      (query: PageQuery, signal) => this.request('page', { view, ...query }, signal),
      (page) => {
        if (pages === this.pages) this.pageArrived(page);
      },
    ];
    const pages: Pages = this.groups ? new GroupedPages(this.groups, ...parts) : new Pages(...parts);
    return pages;
  }

  private groupsChanged(groups: GroupRows): void {
    if (groups !== this.groups) return;
    if (groups.total !== null) this.before = null;
    if (groups.failure) this.failView(groups.failure);
    if (groups.cancelled) this.pages.cancelled = true;
    this.keep({ openGroups: groups.opened });
  }

  private pageArrived(page: Page | null): void {
    if (page) {
      this.before = null;
      this.seen = Math.max(this.seen, page.first + page.count + (page.count === pageRows ? pageRows : 0));
      if (this.rows === null && page.rows !== null) this.rows = page.rows;
    }
    if (this.pages.failure) this.failView(this.pages.failure);
    this.changed();
  }

  private notifyViewing(): void {
    this.channel.notify('viewing', { view: this.view, rows: this.rows, hidden: this.state.hidden });
  }

  private saveSoon(): void {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), saveDelay);
  }

  private save(): void {
    clearTimeout(this.saving);
    if (this.state !== freshState) this.channel.save(this.state);
  }
}
