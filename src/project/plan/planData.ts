import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { DatasetName } from '../../core/config/definition/data.ts';
import { stageViews } from '../../core/config/entries.ts';
import type { ConfigPath } from '../../core/config/tree.ts';
import { columnNamed } from '../../core/data/columnKinds.ts';
import { clicksOf, dataColumn, dataColumns, datasetEntry, datasetPath } from '../../core/data/dataColumns.ts';
import { passThroughEntries, usedInLog } from '../../core/data/passThrough.ts';
import { eventsOfSteps, sequencesOf } from '../../core/data/sequences.ts';
import type { Facts } from '../../core/data/facts.ts';
import { tableAdvice, whyUnknown } from '../../core/data/need.ts';
import type { PathRules } from '../../core/data/refusedPath.ts';
import { attempt, FailureError, refuse, type Failure } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Refusal } from '../../core/message/refusal.ts';
import { teacherRoles } from '../../core/data/teacherRoles.ts';
import { outcomeColumn } from '../../core/config/outcomeNames.ts';
import type { PlanEntry, PlanProblem, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { isNumeric, typeName } from '../../core/table/type.ts';
import type { AskedEvent } from '../../protocol/askedTable.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import { askedEventTables } from '../facts/askedEventTables.ts';
import { askedFeatures } from '../facts/askedFeatures.ts';
import { resolveEvent } from '../facts/resolveEvent.ts';
import { DataTables, noColumn } from '../facts/dataTables.ts';
import { refuseMixed, refuseTimeless, refuseWithoutItem, withSubject } from './refuseSteps.ts';
import { misnamedFolder, withDays } from './withDays.ts';
import { conditionLack } from './conditionLack.ts';
import { drawsFromCorpus, entryNeeds, type DataNeed } from './entryNeeds.ts';
import { isCopied, isItemList } from './itemList.ts';
import { historyLack } from './historyLack.ts';
import { titleOf } from './titleOf.ts';
import { withEntries } from './withEntries.ts';
import { ownValue } from '../../core/ownValue.ts';

/** Reads from a config the data sets that a plan needs, and removes parts of the plan whose data are missing. */
export class PlanData {
  /** What was left out, and why. */
  readonly problems: PlanProblem[] = [];
  /** Path of the config part being checked. If nothing can be drawn, the problem is reported there. */
  checkedPath: ConfigPath = ['data'];
  readonly #tables: DataTables;
  /** Reasons why optional data sets are not available. */
  readonly #refused = new Map<DatasetName, Message>();

  constructor(
    private readonly config: ConfigDraft,
    private readonly facts: Facts,
    place: PathRules,
  ) {
    this.#tables = new DataTables(config, facts, place);
  }

  /** The part of the plan that the available data support. @throws FailureError if nothing can be drawn */
  forPlan(plan: StagePlan): { readonly plan: StagePlan; readonly data: SamplingData } {
    // The impressions decide the kind of the ids, so a mismatch is reported for the other data set.
    const impressions = this.#impressions(plan);
    const clicks = askedEventTables(this.config, this.#tables, plan.unit);
    const events = new Map<string, AskedEvent>();
    for (const { name } of [...plan.positives.events, ...(plan.positives.unknown ?? [])]) {
      events.set(name, this.#event(name));
      refuseWithoutItem(name, this.config);
    }
    for (const sequence of sequencesOf(this.config)) {
      this.checkedPath = ['output', 'sequences', sequence.name];
      refuseMixed(sequence, this.config);
      for (const name of eventsOfSteps(sequence)) {
        const event = events.get(name) ?? this.#event(name);
        this.checkedPath = ['output', 'sequences', sequence.name];
        refuseTimeless(event, this.#tables);
        events.set(name, event);
      }
    }
    const others: Omit<SamplingData, 'log'> = {
      ...this.#items(plan),
      ...this.#candidates(plan),
      ...this.#rejections(plan),
      ...this.#users(),
      ...askedFeatures(this.config, this.#tables, (path) => void (this.checkedPath = path)),
    };
    const passedCandidates = others.candidates ? {} : this.#passedCandidates();
    const log = { impressions, ...clicks, events: [] };
    const teacher = this.#teacher(plan, others.candidates);
    const { teacher: _teacher, outcomes: _outcomes, ...rest } = plan;
    const entries = plan.entries.filter((entry) => this.#canDraw(entry, plan, { log, ...others }, events));
    const outcomes = this.#outcomes(plan, events);
    const drawable = withEntries({ ...rest, ...(teacher ? { teacher } : {}), ...outcomes }, entries);
    const data: SamplingData = {
      ...others,
      ...passedCandidates,
      log: { ...log, events: [...events.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) },
    };
    const misnamed = misnamedFolder(this.config, this.facts);
    this.checkedPath = misnamed?.at ?? this.checkedPath;
    if (misnamed) throw refuse('partition-folder', misnamed.problem);
    return { plan: drawable, data: withDays(data, drawable, this.config) };
  }

  #impressions(plan: StagePlan): SamplingData['log']['impressions'] {
    this.#required('impressions');
    const { unit, exposures } = plan;
    const optionalRoles = this.#existingRoles('impressions', ['position', 'viewed'] as const);
    const table = this.#tables.table('impressions', ['user', 'item', 'time'], [
      'request',
      ...(unit === 'impression' ? (['position'] as const) : []),
      ...optionalRoles,
    ] as const);
    if (exposures?.seen === 'viewed' && !table.columns.viewed) throw noColumn('impressions', 'viewed');
    const copiesColumns = isCopied('impressions', this.config, this.#tables);
    const hasTeacher =
      plan.teacher?.from === 'impressions' && this.#whyNotNumeric('impressions', plan.teacher.column) === null;
    const usedTables =
      copiesColumns || hasTeacher || (plan.outcomes?.events.length ?? 0) > 0 || this.#matchesByTime()
        ? usedInLog(this.config).filter((name) => this.#tables.hasColumn('impressions', name))
        : [];
    const columns = hasTeacher ? { ...table.columns, teacher: { name: plan.teacher.column } } : table.columns;
    return { ...table, columns, ...(usedTables.length === 0 ? {} : { used: usedTables }) };
  }

  /** True if events are matched to impressions by time. Of impressions at the same time, the used columns decide. */
  #matchesByTime(): boolean {
    return clicksOf(this.config).some(
      ({ name }) =>
        this.#tables.has(name, 'time') &&
        !(this.#tables.has(name, 'request') && this.#tables.has('impressions', 'request')),
    );
  }

  /** The teacher. If the data lack its values, adds a problem and returns undefined. */
  #teacher({ stage, teacher }: StagePlan, candidates: SamplingData['candidates']): StagePlan['teacher'] {
    if (!teacher) return undefined;
    const { from, column } = teacher;
    const reason =
      from === 'impressions'
        ? this.#whyNotNumeric(from, column)
        : candidates === undefined
          ? this.#whyUnavailable(from)
          : this.#whyNotTeacher(column, candidates);
    if (reason === null) return teacher;
    const text = message('The teacher is left out: {0}', reason);
    this.problems.push({
      message: text,
      path: ['stages', stage, 'teacher'],
      refusal: 'teacher',
      causes: [datasetPath(from)],
    });
    return undefined;
  }

  /** The outcome labels whose event columns exist. Adds their events to `events`. */
  #outcomes({ outcomes }: StagePlan, events: Map<string, AskedEvent>): Pick<StagePlan, 'outcomes'> {
    if (!outcomes) return {};
    const available = outcomes.events.filter(({ name, unknown }) => {
      const reason = this.#whyNoEvent(unknown === undefined ? [name] : [name, unknown], events);
      if (reason)
        this.problems.push({
          message: message('{0} is left out: {1}', outcomeColumn(name), reason),
          path: ['output', 'events'],
          refusal: 'outcome',
          causes: this.#eventPaths(name),
        });
      return reason === null;
    });
    return available.length === 0 && !outcomes.graded ? {} : { outcomes: { ...outcomes, events: available } };
  }

  /** The reason why a role of the candidates cannot be a teacher; null if it can. */
  #whyNotTeacher(role: string, { columns }: NonNullable<SamplingData['candidates']>): Message | null {
    const teacherRole = teacherRoles.find((name) => name === role);
    if (teacherRole === undefined)
      return message('{0} is not a role with numbers; a teacher can be {1}', role, teacherRoles.join(', '));
    const column = columns[teacherRole];
    return column === undefined
      ? noColumn('candidates', role).failure.message
      : this.#whyNotNumeric('candidates', column.name);
  }

  /** The reason why a column is not numeric; null if it is. */
  #whyNotNumeric(dataset: DatasetName, name: string): Message | null {
    const table = this.facts.dataset(dataset);
    const column = table?.state === 'known' ? columnNamed(table, name) : undefined;
    if (!column) return message('the files of data.{0} have no column {1}', dataset, name);
    return isNumeric(column.type)
      ? null
      : message(
          'column {0} of data.{1} must contain numbers, but its type is {2}',
          name,
          dataset,
          typeName(column.type),
        );
  }

  /** @throws FailureError if the data lack the columns of the event */
  #event(name: string): AskedEvent {
    if (ownValue(this.config.events, name) !== undefined) this.checkedPath = ['events', name];
    // Without this check, unavailable clicks would be reported as a missing column of the impressions.
    const [clicks] = clicksOf(this.config).flatMap(({ name: table }) => this.#unavailable(table) ?? []);
    try {
      return withSubject(resolveEvent(name, this.config, this.#tables), this.#tables);
    } catch (error) {
      throw clicks && ownValue(this.config.events, name) !== undefined ? clicks : error;
    }
  }

  /** A configured but unreadable corpus is an error, because all negatives depend on it; not in the unit impression. */
  #items({ unit, entries }: StagePlan): Pick<SamplingData, 'items' | 'corpus'> {
    if (!datasetEntry(this.config, 'items')) return entries.some(drawsFromCorpus) ? { corpus: 'log' } : {};
    if (unit !== 'impression') return { items: this.#corpus(entries) };
    return this.#description('items', () => ({ items: this.#corpus(entries) }));
  }

  #corpus(entries: readonly PlanEntry[]): NonNullable<SamplingData['items']> {
    this.#required('items');
    const attributes = this.#attributes('items');
    const title = titleOf('items', this.config, this.facts);
    const table = { ...this.#tables.table('items', ['item'], ['created', 'removed'] as const), attributes, title };
    return isItemList(table, entries, this.config, this.#tables) ? { ...table, isList: true } : table;
  }

  #candidates(plan: StagePlan): Pick<SamplingData, 'candidates'> {
    const read = (): Pick<SamplingData, 'candidates'> => ({ candidates: this.candidateTable() });
    const { unit, entries } = plan;
    // In the unit request, each request of the candidates is a group.
    if (unit === 'request' && datasetEntry(this.config, 'candidates')) return read();
    return plan.teacher?.from === 'candidates' ||
      entries.some(({ draws }) => draws.kind === 'list' && draws.rows.of === 'candidates')
      ? this.#optional('candidates', read)
      : {};
  }

  /** @throws FailureError if the candidates cannot be read */
  candidateTable(): NonNullable<SamplingData['candidates']> {
    this.#required('candidates');
    return this.#tables.table('candidates', ['item', 'request'], [
      'user',
      'time',
      ...this.#existingRoles('candidates', ['channel', 'rank', 'reached', 'score', 'teacher'] as const),
    ] as const);
  }

  /** The candidates, if some of their columns are only copied to the output. */
  #passedCandidates(): Pick<SamplingData, 'passedCandidates'> {
    const copiedEntry = passThroughEntries(this.config).find(
      ({ keys: { from, column } }) =>
        from === 'candidates' || (from === undefined && this.#tables.hasColumn('candidates', column)),
    );
    if (!copiedEntry || !datasetEntry(this.config, 'candidates')) return {};
    const readTable = (): Pick<SamplingData, 'passedCandidates'> => ({ passedCandidates: this.candidateTable() });
    const candidates = this.#optional('candidates', readTable);
    const reason = this.#refused.get('candidates');
    if (reason)
      this.problems.push({
        message: message('{0} is left out: {1}', copiedEntry.keys.column, reason),
        path: ['output', 'pass_through', copiedEntry.index],
        refusal: 'pass-through-candidates',
        causes: [datasetPath('candidates')],
      });
    return candidates;
  }

  #rejections({ entries }: StagePlan): Pick<SamplingData, 'rejections'> {
    if (!entries.some(({ draws }) => draws.kind === 'list' && draws.rows.of === 'rejections')) return {};
    return this.#optional('rejections', () => {
      this.#required('rejections');
      return { rejections: this.#tables.table('rejections', ['user', 'item'], ['time'] as const) };
    });
  }

  /** The preview shows users with their attributes; only `group_by` samples by them. */
  #users(): Pick<SamplingData, 'users'> {
    if (!datasetEntry(this.config, 'users')) return {};
    return this.#description('users', () => {
      this.#required('users');
      const title = titleOf('users', this.config, this.facts);
      return {
        users: {
          ...this.#tables.table('users', ['user']),
          attributes: this.#attributes('users'),
          ...(title === null ? {} : { title }),
        },
      };
    });
  }

  /** Returns false and adds a problem if the entry cannot be drawn. Adds the events of the entry to `events`. */
  #canDraw(entry: PlanEntry, plan: StagePlan, data: SamplingData, events: Map<string, AskedEvent>): boolean {
    const needs = entryNeeds(entry);
    const issue = (refusal: Refusal, reason: Message | null, ...causes: ConfigPath[]): PlanProblem | null =>
      reason && {
        message: message('{0} is left out: {1}', entry.name, reason),
        path: this.#pathOf(entry, plan),
        refusal,
        causes,
      };
    const problem =
      needs.data
        .map((need) => {
          const refusal = 'attribute' in need ? 'entry-attribute' : 'entry-data';
          return issue(refusal, this.#whyMissing(need, data), datasetPath(need.dataset));
        })
        .find((candidate) => candidate !== null) ??
      issue('entry-event', this.#whyNoEvent(needs.events, events), ...this.#eventPaths(...needs.events)) ??
      issue('entry-history', historyLack(entry.exclude, this.facts), ['stages', plan.stage, 'negatives', 'exclude']) ??
      issue('entry-condition', conditionLack(entry, this.facts));
    if (problem) this.problems.push(problem);
    return !problem;
  }

  #whyMissing(need: DataNeed, data: SamplingData): Message | null {
    if (data.corpus === 'log' && need.dataset === 'items' && 'role' in need && need.role === 'item') return null;
    const table = need.dataset === 'impressions' ? data.log.impressions : data[need.dataset];
    if (!table) return this.#whyUnavailable(need.dataset);
    if ('attribute' in need) {
      const { attributes }: { readonly attributes?: readonly string[] } = 'attributes' in table ? table : {};
      return attributes?.includes(need.attribute) === true
        ? null
        : message('data.{0} has no attribute {1}', need.dataset, need.attribute);
    }
    return Object.hasOwn(table.columns, need.role) ? null : noColumn(need.dataset, need.role).failure.message;
  }

  /** Why a data set is not available for sampling. */
  #whyUnavailable(dataset: DataNeed['dataset']): Message {
    return this.#refused.get(dataset) ?? message('the config does not define data.{0}', dataset);
  }

  #whyNoEvent(names: readonly string[], events: Map<string, AskedEvent>): Message | null {
    const failed = attempt(() => {
      for (const name of names) refuseWithoutItem(name, this.config);
      for (const name of names) events.set(name, events.get(name) ?? this.#event(name));
      return null;
    });
    return failed && failed.failure.message;
  }

  /** Config paths that define events: their entries under `events` and the tables of clicks. */
  #eventPaths(...events: readonly string[]): ConfigPath[] {
    return [...events.map((event) => ['events', event]), ...clicksOf(this.config).map(({ name }) => datasetPath(name))];
  }

  #pathOf(entry: PlanEntry, plan: StagePlan): ConfigPath {
    const view = stageViews(this.config).find(({ name }) => name === plan.stage);
    return view?.entries.find(({ name }) => name === entry.name)?.path ?? ['stages', plan.stage];
  }

  /** Declared attributes that exist in the files. */
  #attributes(dataset: 'items' | 'users'): string[] {
    return dataColumns(this.config, dataset)
      .filter(({ role, name }) => role === 'attributes' && this.#tables.hasColumn(dataset, name))
      .map(({ name }) => name);
  }

  /** The roles whose columns exist in the files. */
  #existingRoles<R extends string>(dataset: DatasetName, roles: readonly R[]): R[] {
    return roles.filter((role) => {
      const column = dataColumn(this.config, dataset, role);
      return column !== undefined && this.#tables.hasColumn(dataset, column.name);
    });
  }

  #required(dataset: DatasetName): void {
    this.checkedPath = datasetEntry(this.config, dataset) ? datasetPath(dataset) : ['data'];
    const unknown = datasetEntry(this.config, dataset)
      ? this.#unavailable(dataset)
      : refuse('dataset-unavailable', message('the config does not define data.{0}', dataset));
    if (unknown) throw unknown;
  }

  /** The failure for a data set whose columns are unknown, with the broken file and advice. Null if they are known. */
  #unavailable(dataset: DatasetName): FailureError | null {
    const facts = this.facts.dataset(dataset);
    const reason = whyUnknown(dataset, facts);
    if (reason === null) return null;
    const { place, message: text, advice }: Partial<Failure> = facts?.state === 'unreadable' ? facts.failure : {};
    if (text !== undefined && place?.path !== undefined)
      return refuse('dataset-unavailable', message('{0} of data.{1} cannot be read: {2}', place.path, dataset, text), {
        advice,
      });
    const isTable = facts?.state === 'closed' && facts.reason === 'table';
    return refuse('dataset-unavailable', reason, { advice: isTable ? tableAdvice : undefined });
  }

  /** Returns an empty object if the data set is not available, and keeps the reason for the entries that need it. */
  #optional<T>(dataset: DatasetName, read: () => T): T | Record<string, never> {
    const data = attempt(read);
    if (!(data instanceof FailureError)) return data;
    this.#refused.set(dataset, data.failure.message);
    return {};
  }

  /** Like `#optional`, for data that only describe rows. Adds a problem but no refusal, as draws do not change. */
  #description<T>(dataset: DatasetName, read: () => T): T | Record<string, never> {
    const data = this.#optional(dataset, read);
    const reason = this.#refused.get(dataset);
    if (reason)
      this.problems.push({
        message: message('data.{0} is left out: {1}', dataset, reason),
        path: datasetPath(dataset),
        refusal: null,
      });
    return data;
  }
}
