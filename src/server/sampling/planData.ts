import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { DatasetName } from '../../core/config/definition/data.ts';
import { stageViews } from '../../core/config/entries.ts';
import type { ConfigPath } from '../../core/config/tree.ts';
import { dataColumn, dataColumns, datasetEntry, datasetPath, idRoles } from '../../core/data/dataColumns.ts';
import type { Facts } from '../../core/data/facts.ts';
import { whyUnknown } from '../../core/data/need.ts';
import type { PathPlace } from '../../core/data/refusedPath.ts';
import { fail, FailureError, type Failure } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { PlanEntry, PlanProblem, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { titleColumn } from '../../core/table/titleColumn.ts';
import type { AskedEvent } from '../../protocol/askedTable.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import { askedEvent } from '../lint/askedEvent.ts';
import { AskedTables } from '../lint/askedTables.ts';
import { entryNeeds, type DataNeed } from './entryNeeds.ts';
import { ownValue } from '../../core/ownValue.ts';

/** The data sets of a config for one plan, and what of the plan can be drawn from them. */
export class PlanData {
  /** What was left out, and why. */
  readonly problems: PlanProblem[] = [];
  /** What of the config is being looked at: where nothing can be drawn, this is why. */
  at: ConfigPath = ['data'];
  readonly #tables: AskedTables;
  /** Why data sets that some entry may need are not to be had. */
  readonly #refused = new Map<DatasetName, Message>();

  constructor(
    private readonly config: ConfigDraft,
    private readonly facts: Facts,
    place: PathPlace,
  ) {
    this.#tables = new AskedTables(config, facts, place);
  }

  /** The plan as far as there are data for it. @throws FailureError where nothing can be drawn */
  of(plan: StagePlan): { readonly plan: StagePlan; readonly data: SamplingData } {
    // The kinds of the ids are those of the impressions: what disagrees with them is the other one.
    const impressions = this.#impressions(plan);
    const clicks = this.#tables.has('clicks', 'user', 'item')
      ? { clicks: this.#tables.table('clicks', ['user', 'item'], ['request'] as const) }
      : {};
    const events = new Map<string, AskedEvent>();
    for (const { name } of plan.positives.events) {
      this.at = ['events', name];
      events.set(name, this.#event(name));
    }
    const others: Omit<SamplingData, 'log'> = {
      ...this.#items(plan),
      ...this.#candidates(plan),
      ...this.#rejections(plan),
      ...this.#users(),
    };
    const log = { impressions, ...clicks, events: [] };
    const kept = plan.entries.filter((entry) => this.#keeps(entry, plan, { log, ...others }, events));
    return {
      plan: withEntries(plan, kept),
      data: { ...others, log: { ...log, events: [...events.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) } },
    };
  }

  #impressions({ unit, exposures }: StagePlan): SamplingData['log']['impressions'] {
    this.#required('impressions');
    const lenient = this.#there('impressions', ['position', 'viewed'] as const);
    const table = this.#tables.table('impressions', ['user', 'item', 'time'], [
      'request',
      ...(unit === 'impression' ? (['position'] as const) : []),
      ...lenient,
    ] as const);
    if (exposures?.seen === 'viewed' && !table.columns.viewed)
      throw noColumn({ dataset: 'impressions', role: 'viewed' });
    return table;
  }

  /** @throws FailureError where it cannot be told when the event holds */
  #event(name: string): AskedEvent {
    // An event of clicks that are not to be had would be told as a missing column of the impressions.
    const clicks = datasetEntry(this.config, 'clicks') ? this.#whyUnknown('clicks') : null;
    try {
      return askedEvent(name, this.config, this.#tables);
    } catch (error) {
      throw clicks && ownValue(this.config.events, name) !== undefined
        ? fail('bad-request', clicks.message, clicks.advice ? { advice: clicks.advice } : {})
        : error;
    }
  }

  /** The corpus decides about every negative, so a corpus that is named but not to be had is not passed over; exposures are rows without it. */
  #items({ unit }: StagePlan): Pick<SamplingData, 'items'> {
    if (!datasetEntry(this.config, 'items')) return {};
    if (unit !== 'impression') return { items: this.#corpus() };
    return this.#described('items', () => ({ items: this.#corpus() }));
  }

  #corpus(): NonNullable<SamplingData['items']> {
    this.#required('items');
    const table = this.#tables.table('items', ['item'], ['created', 'removed'] as const);
    const known = this.facts.dataset('items');
    const columns = known?.state === 'known' ? known.columns : [];
    const ids = dataColumns(this.config, 'items')
      .filter(({ role }) => idRoles.some((id) => id === role))
      .map(({ name }) => name);
    return { ...table, attributes: this.#attributes('items'), title: titleColumn(columns, ids) };
  }

  #candidates({ unit, entries }: StagePlan): Pick<SamplingData, 'candidates'> {
    const read = (): Pick<SamplingData, 'candidates'> => {
      this.#required('candidates');
      return {
        candidates: this.#tables.table('candidates', ['item', 'request'], [
          'user',
          'time',
          ...this.#there('candidates', ['channel', 'rank', 'reached', 'score', 'teacher'] as const),
        ] as const),
      };
    };
    // The requests of the candidates are the groups.
    if (unit === 'request' && datasetEntry(this.config, 'candidates')) return read();
    return entries.some(({ draws }) => draws.kind === 'list' && draws.rows.of === 'candidates')
      ? this.#optional('candidates', read)
      : {};
  }

  #rejections({ entries }: StagePlan): Pick<SamplingData, 'rejections'> {
    if (!entries.some(({ draws }) => draws.kind === 'list' && draws.rows.of === 'rejections')) return {};
    return this.#optional('rejections', () => {
      this.#required('rejections');
      return { rejections: this.#tables.table('rejections', ['user', 'item'], ['time'] as const) };
    });
  }

  /** Users are shown with their attributes; only `group_by` draws by them. */
  #users(): Pick<SamplingData, 'users'> {
    if (!datasetEntry(this.config, 'users')) return {};
    return this.#described('users', () => {
      this.#required('users');
      return { users: { ...this.#tables.table('users', ['user']), attributes: this.#attributes('users') } };
    });
  }

  /** False where the entry cannot be drawn, which is said. Its events are added to `events`. */
  #keeps(entry: PlanEntry, plan: StagePlan, data: SamplingData, events: Map<string, AskedEvent>): boolean {
    const needs = entryNeeds(entry);
    const lacking = needs.data.map((need) => this.#lacking(need, data)).find((reason) => reason !== null);
    const reason = lacking ?? this.#lackingEvent(needs.events, events);
    if (reason)
      this.problems.push({
        message: message('{0} is left out: {1}', entry.name, reason),
        path: this.#pathOf(entry, plan),
      });
    return reason === null;
  }

  #lacking(need: DataNeed, data: SamplingData): Message | null {
    const table = need.dataset === 'impressions' ? data.log.impressions : data[need.dataset];
    if (!table) return this.#whyNot(need.dataset);
    if ('attribute' in need) {
      const { attributes }: { readonly attributes?: readonly string[] } = 'attributes' in table ? table : {};
      return attributes?.includes(need.attribute) === true
        ? null
        : message('data.{0} has no attribute {1}', need.dataset, need.attribute);
    }
    return Object.hasOwn(table.columns, need.role) ? null : noColumn(need).failure.message;
  }

  /** Why a data set is not among those to draw from. */
  #whyNot(dataset: DataNeed['dataset']): Message {
    return this.#refused.get(dataset) ?? message('the config names no data.{0}', dataset);
  }

  #lackingEvent(names: readonly string[], events: Map<string, AskedEvent>): Message | null {
    try {
      for (const name of names) if (!events.has(name)) events.set(name, this.#event(name));
      return null;
    } catch (error) {
      if (error instanceof FailureError) return error.failure.message;
      throw error;
    }
  }

  #pathOf(entry: PlanEntry, plan: StagePlan): ConfigPath {
    const view = stageViews(this.config).find(({ name }) => name === plan.stage);
    return view?.entries.find(({ name }) => name === entry.name)?.path ?? ['stages', plan.stage];
  }

  /** Declared attributes that the files have. */
  #attributes(dataset: 'items' | 'users'): string[] {
    return dataColumns(this.config, dataset)
      .filter(({ role, name }) => role === 'attributes' && this.#tables.hasColumn(dataset, name))
      .map(({ name }) => name);
  }

  /** Those of the roles whose columns the files have. */
  #there<R extends string>(dataset: DatasetName, roles: readonly R[]): R[] {
    return roles.filter((role) => {
      const column = dataColumn(this.config, dataset, role);
      return column !== undefined && this.#tables.hasColumn(dataset, column.name);
    });
  }

  #required(dataset: DatasetName): void {
    this.at = datasetEntry(this.config, dataset) ? datasetPath(dataset) : ['data'];
    const unknown = datasetEntry(this.config, dataset)
      ? this.#whyUnknown(dataset)
      : { message: message('the config names no data.{0}', dataset) };
    if (unknown) throw fail('bad-request', unknown.message, unknown.advice ? { advice: unknown.advice } : {});
  }

  /** Why a data set is not known, with the file that is broken and what to do about it. */
  #whyUnknown(dataset: DatasetName): Pick<Failure, 'message' | 'advice'> | null {
    const found = this.facts.dataset(dataset);
    const reason = whyUnknown(dataset, found);
    if (reason === null || found?.state !== 'unreadable' || found.failure.place?.path === undefined)
      return reason && { message: reason };
    const {
      place: { path },
      message: what,
      advice,
    } = found.failure;
    return {
      message: message('{0} of data.{1} cannot be read: {2}', path, dataset, what),
      ...(advice ? { advice } : {}),
    };
  }

  /** Nothing where it is not to be had; the reason is kept for the entries that need it. */
  #optional<T>(dataset: DatasetName, read: () => T): T | Record<string, never> {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      this.#refused.set(dataset, error.failure.message);
      return {};
    }
  }

  /** The same for what only describes rows, which is said. */
  #described<T>(dataset: DatasetName, read: () => T): T | Record<string, never> {
    const found = this.#optional(dataset, read);
    const reason = this.#refused.get(dataset);
    if (reason)
      this.problems.push({
        message: message('data.{0} is left out: {1}', dataset, reason),
        path: datasetPath(dataset),
        harmless: true,
      });
    return found;
  }
}

function noColumn({ dataset, role }: { readonly dataset: string; readonly role: string }): FailureError {
  return fail('bad-request', message('data.{0} has no column {1}', dataset, role));
}

/** The plan with fewer entries. Where the one that fills gaps is gone, gaps stay. */
function withEntries(plan: StagePlan, entries: readonly PlanEntry[]): StagePlan {
  const filling = plan.refillFrom === null ? undefined : plan.entries[plan.refillFrom];
  const refillFrom = filling ? entries.indexOf(filling) : -1;
  return {
    ...plan,
    entries,
    ...(refillFrom < 0
      ? { refillFrom: null, onShortfall: plan.onShortfall === 'refill' ? ('keep' as const) : plan.onShortfall }
      : { refillFrom }),
  };
}
