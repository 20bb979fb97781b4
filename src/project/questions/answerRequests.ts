import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { stageViews, type StageView } from '../../core/config/entries.ts';
import { unknownNames } from '../../core/config/eventConditions.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { dataColumn, datasetEntry, datasetsByDay, declaredSequences, sampleName } from '../../core/data/dataColumns.ts';
import type { Facts, Question, QuestionKind } from '../../core/data/facts.ts';
import { sequencesOf } from '../../core/data/sequences.ts';
import type { PathRules } from '../../core/data/refusedPath.ts';
import { areLists, overlappingEntries } from '../../core/policy/overlappingEntries.ts';
import { duplicateKey, exemptSources, impressionKey, joinKey } from '../../core/policy/sampleKeys.ts';
import { attempt, fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { compareTexts } from '../../core/sampling/compareTexts.ts';
import type { AnswerRequest, AskedQuestion, AskedSamples, SampleQuestion } from '../../protocol/answers.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { SamplingRequest } from '../../protocol/sampling.ts';
import type { AskedLog, AskedPeriod } from '../../protocol/askedTable.ts';
import { negativeName } from '../../core/data/columnOwner.ts';
import { defaultOutput, outputNames } from '../plan/sampleOutput.ts';
import { askedEventTables } from '../facts/askedEventTables.ts';
import { askedStepLog } from '../facts/askedStepLog.ts';
import { resolveEvent } from '../facts/resolveEvent.ts';
import { DataTables } from '../facts/dataTables.ts';
import {
  askChances,
  askExposureRates,
  askFalseNegatives,
  askHeadShares,
  askItemDistances,
  askSampleOrigin,
  drawnRequest,
  type SampleAsked,
} from './drawnQuestions.ts';
import { askEmptyGroups, askFutureRows, askSplitOverlap, askSplitTimes, evaluatedSamples } from './splitQuestions.ts';
import { askCandidateRows, askUnseenRows } from './listQuestions.ts';
import { askedFlags } from './labelQuestion.ts';
import { askPassedValues } from './passedQuestion.ts';

/**
 * In a large log, this many users are enough: a share of 1 % of the draws is measured with an error of about a tenth of
 * itself.
 */
const MAX_USERS = 1000;

/**
 * Turns questions of rules, which name stages, into questions for the engine, which hold everything that the answer
 * depends on.
 */
export class AnswerRequests {
  readonly #stages: ReadonlyMap<Stage, StageView>;

  constructor(
    private readonly config: ConfigDraft,
    private readonly facts: Facts,
    private readonly place: PathRules,
  ) {
    this.#stages = new Map(stageViews(config).map((stage) => [stage.name, stage]));
  }

  /** The question for the engine, or the reason why it cannot be asked. */
  requestFor(question: Question): AnswerRequest | FailureError {
    return attempt(() => this.#request(question));
  }

  #request({ kind, stage: name, split = 'train' }: Question): AnswerRequest {
    const stage = this.#stages.get(name);
    if (!stage) throw fail('bad-request', message('the config has no stage {0}', name));
    if (kind === 'shortfalls' || kind === 'refusal') return this.#drawRequest(kind, stage, split);
    const tables = new DataTables(this.config, this.facts, this.place);
    const questions = new CountQuestions(this.config, tables, stage, this.facts, this.place);
    const question = needsMore(kind) ? questions[kind]() : questions.ofSample(kind);
    return { ref: subjectOf(question), question };
  }

  #drawRequest(kind: 'shortfalls' | 'refusal', stage: StageView, split: 'train' | 'eval'): AnswerRequest {
    const { config, facts, place } = this;
    const request = drawnRequest({ config, stage, facts, place }, { split });
    const params = { timezone: request.plan.timezone, request, mostUsers: MAX_USERS };
    return {
      ref: request.data.log.impressions.ref,
      question:
        kind === 'shortfalls'
          ? { kind, ...params }
          : { kind, ...params, output: defaultOutput(config, request.plan, place) },
    };
  }
}

/** The data set that a question is about. */
function subjectOf(question: AskedQuestion<CountKind>): DatasetRef {
  if ('samples' in question) return question.samples.ref;
  if ('log' in question) return question.log.impressions.ref;
  if ('request' in question) return question.request.data.log.impressions.ref;
  if ('candidates' in question) return question.candidates.ref;
  const [first] = question.tables;
  if (first) return first.ref;
  throw fail('bad-request', message('No data set declares a partition by day'));
}

type CountKind = Exclude<QuestionKind, 'shortfalls' | 'refusal'>;

/** True if `CountQuestions` has a method for the question. Other questions need only the sample file. */
const needsMore = (kind: CountKind): kind is CountKind & keyof CountQuestions => kind in CountQuestions.prototype;

/** Builds the questions that count rows. `ofSample` builds those that need only the sample file. */
class CountQuestions {
  readonly #timezone: { readonly timezone: string };

  constructor(
    private readonly config: ConfigDraft,
    private readonly tables: DataTables,
    private readonly stage: StageView,
    private readonly facts: Facts,
    private readonly place: PathRules,
  ) {
    this.#timezone = { timezone: config.timezone ?? 'UTC' };
  }

  ofSample(kind: SampleQuestion): AskedQuestion<SampleQuestion> {
    return { kind, ...this.#timezone, samples: this.#samples() };
  }

  groups(): AskedQuestion<'groups'> {
    const log = this.#log();
    const { unit = 'impression' } = this.stage;
    const candidates =
      unit === 'request' && datasetEntry(this.config, 'candidates')
        ? { candidates: this.tables.table('candidates', ['item', 'request'], ['user', 'time'] as const) }
        : {};
    const names = log.events.map(({ name }) => name);
    const unknown = unknownNames(names, this.config).map((name) => resolveEvent(name, this.config, this.tables));
    const window = this.config.window?.train ?? null;
    return { kind: 'groups', ...this.#timezone, log, unknown, unit, window, ...candidates };
  }

  contradictions(): AskedQuestion<'contradictions'> {
    const samples = this.#samples();
    const key = impressionKey(this.stage, Object.keys(samples.columns));
    if (!key)
      throw fail(
        'bad-request',
        message('the columns of the sample file do not distinguish one impression from another'),
      );
    const byOwner =
      this.config.data?.rejections?.kind === 'by_owner' &&
      this.tables.has('rejections', 'user', 'item') &&
      samples.columns.user !== undefined;
    return {
      kind: 'contradictions',
      ...this.#timezone,
      samples,
      key,
      exempt: exemptSources(this.stage),
      ...(byOwner ? { rejections: this.tables.table('rejections', ['user', 'item']) } : {}),
    };
  }

  duplicates(): AskedQuestion<'duplicates'> {
    const samples = this.#samples();
    const key = duplicateKey(this.stage, Object.keys(samples.columns));
    if (!key)
      throw fail('bad-request', message('the columns of the sample file do not distinguish one group from another'));
    const pairs = [...overlappingEntries(this.stage.entries)].filter(({ earlier, later }) => areLists(earlier, later));
    const lists = pairs.flatMap(({ earlier, later }) =>
      [earlier, later].map((entry) => (samples.columns.entry ? entry.name : (entry.source?.name ?? ''))),
    );
    const isNamed = samples.columns.entry !== undefined || samples.columns.source !== undefined;
    return {
      kind: 'duplicates',
      ...this.#timezone,
      samples,
      key,
      ...(isNamed && lists.length > 0 ? { lists: [...new Set(lists)] } : {}),
    };
  }

  'unknown-items'(): AskedQuestion<'unknown-items'> {
    const samples = this.#samples();
    const { where: _all, ...items } = this.tables.table('items', ['item'], ['created', 'removed'] as const);
    const pairs = (['impressions', 'candidates', 'rejections'] as const).filter(
      (name) => samples.columns.user && this.tables.has(name, 'user', 'item'),
    );
    const seenPairs = pairs.map((name) => {
      const { where: _some, ...table } = this.tables.table(name, ['user', 'item']);
      return table;
    });
    return { kind: 'unknown-items', ...this.#timezone, samples, items, seen: seenPairs };
  }

  'never-exposed'(): AskedQuestion<'never-exposed'> {
    const samples = this.#samples();
    const log = this.#log();
    const key = joinKey(Object.keys(samples.columns), Object.keys(log.impressions.columns));
    if (!key)
      throw fail(
        'bad-request',
        message('the columns of the sample file do not distinguish one impression from another'),
      );
    const { positives = {} } = this.stage.draft;
    const { train, eval: evaluated } = this.config.window ?? {};
    return {
      kind: 'never-exposed',
      ...this.#timezone,
      samples,
      log,
      key,
      hasAllClicks: (['max_per_user_per_day', 'downsample_hot', 'min_steps'] as const).every(
        (key) => positives[key] === undefined,
      ),
      windows: [train, evaluated].filter((period): period is AskedPeriod => period !== undefined),
    };
  }

  'passed-values'(): AskedQuestion<'passed-values'> {
    return askPassedValues(this.#sampleAsked());
  }

  'false-negatives'(): AskedQuestion<'false-negatives'> {
    return askFalseNegatives(this.#sampleAsked());
  }

  'sequence-lists'(): AskedQuestion<'sequence-lists'> {
    const planned = sequencesOf(this.config);
    return { kind: 'sequence-lists', ...this.#timezone, samples: this.#samples(), planned };
  }

  'sequence-log'(): AskedQuestion<'sequence-log'> {
    const { config, tables } = this;
    const planned = sequencesOf(config);
    return {
      kind: 'sequence-log',
      ...this.#timezone,
      samples: this.#samples(),
      planned,
      log: askedStepLog(config, tables),
      evaluated: evaluatedSamples(this.#sampleAsked(), ['user', 'time']),
    };
  }

  'split-times'(): AskedQuestion<'split-times'> {
    return askSplitTimes(this.#sampleAsked());
  }

  'future-rows'(): AskedQuestion<'future-rows'> {
    return askFutureRows(this.#sampleAsked());
  }

  'split-overlap'(): AskedQuestion<'split-overlap'> {
    return askSplitOverlap(this.#sampleAsked());
  }

  'empty-groups'(): AskedQuestion<'empty-groups'> {
    return askEmptyGroups(this.#sampleAsked());
  }

  'candidate-rows'(): AskedQuestion<'candidate-rows'> {
    return askCandidateRows(this.#sampleAsked());
  }

  'unseen-rows'(): AskedQuestion<'unseen-rows'> {
    return askUnseenRows(this.#sampleAsked());
  }

  'exposure-rates'(): AskedQuestion<'exposure-rates'> {
    return askExposureRates(this.#sampleAsked());
  }

  'head-shares'(): AskedQuestion<'head-shares'> {
    return askHeadShares(this.#sampleAsked());
  }

  'hot-effect'(): AskedQuestion<'hot-effect'> {
    return { kind: 'hot-effect', ...this.#timezone, request: this.#samplingRequest() };
  }

  'group-popularity'(): AskedQuestion<'group-popularity'> {
    return {
      kind: 'group-popularity',
      ...this.#timezone,
      request: this.#samplingRequest(),
      users: this.tables.table('users', ['user']),
      attributes: this.config.data?.users?.columns?.attributes ?? [],
    };
  }

  'history-lengths'(): AskedQuestion<'history-lengths'> {
    return {
      kind: 'history-lengths',
      ...this.#timezone,
      request: this.#samplingRequest(),
      sequences: sequencesOf(this.config),
    };
  }

  'item-distances'(): AskedQuestion<'item-distances'> {
    return askItemDistances(this.#sampleAsked());
  }

  'sample-origin'(): AskedQuestion<'sample-origin'> {
    return askSampleOrigin(this.#sampleAsked());
  }

  chances(): AskedQuestion<'chances'> {
    return askChances(this.#sampleAsked(), MAX_USERS);
  }

  'log-q-values'(): AskedQuestion<'log-q-values'> {
    const { config, tables, stage } = this;
    const name = dataColumn(config, sampleName(stage.name), 'log_q')?.name ?? outputNames(config, stage.name).log_q;
    const samples = this.#samples();
    if (![name, negativeName(name)].some((column) => tables.hasColumn(sampleName(stage.name), column)))
      throw fail('bad-request', message('data.{0} has no column {1}', sampleName(stage.name), 'log_q'));
    return {
      kind: 'log-q-values',
      ...this.#timezone,
      samples: { ...samples, columns: { ...samples.columns, log_q: { name } } },
      oneEntry: stage.entries.length === 1,
    };
  }

  'user-shares'(): AskedQuestion<'user-shares'> {
    const samples = this.#samples();
    if (!samples.columns.user)
      throw fail('bad-request', message('data.{0} has no column {1}', sampleName(this.stage.name), 'user'));
    return { kind: 'user-shares', ...this.#timezone, samples };
  }

  'partition-days'(): AskedQuestion<'partition-days'> {
    const tables = datasetsByDay(this.config).flatMap(({ dataset, column }) =>
      this.tables.has(dataset, 'time') ? [{ ...this.tables.table(dataset, ['time']), dataset, folder: column }] : [],
    );
    return { kind: 'partition-days', ...this.#timezone, tables };
  }

  'label-values'(): AskedQuestion<'label-values'> {
    return { kind: 'label-values', ...this.#timezone, tables: askedFlags(this.config, this.facts, this.tables) };
  }

  'candidate-stages'(): AskedQuestion<'candidate-stages'> {
    return { kind: 'candidate-stages', ...this.#timezone, candidates: this.tables.table('candidates', ['reached']) };
  }

  /** The stage as the sampler draws it for train. */
  #samplingRequest(): SamplingRequest {
    const { config, stage, facts, place } = this;
    return drawnRequest({ config, stage, facts, place }, { split: 'train' });
  }

  #sampleAsked(): SampleAsked {
    const { config, facts, place, stage, tables } = this;
    return { config, facts, place, stage, tables, samples: this.#samples(), ...this.#timezone };
  }

  #samples(): AskedSamples {
    const name = sampleName(this.stage.name);
    const { layout = 'long' } = datasetEntry(this.config, name) ?? {};
    const table = this.tables.table(name, ['item', 'label'], [
      'user',
      'source',
      'entry',
      'positive_item',
      'request',
      'time',
      'position',
      'weight',
    ] as const);
    const sequences = declaredSequences(this.config, name);
    return { ...table, layout, ...(sequences.length === 0 ? {} : { sequences }) };
  }

  #log(): AskedLog {
    const impressions = this.tables.table('impressions', ['user', 'item', 'time'], ['request', 'position'] as const);
    const weights = Object.entries(this.stage.draft.positives?.events ?? {}).sort(
      ([a, x], [b, y]) => y - x || compareTexts(a, b),
    );
    const events = weights.map(([name]) => resolveEvent(name, this.config, this.tables));
    return { impressions, ...askedEventTables(this.config, this.tables, this.stage.unit ?? undefined), events };
  }
}
