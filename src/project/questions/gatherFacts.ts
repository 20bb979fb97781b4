import { partsOfEvent } from '../../core/config/eventConditions.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { DatasetName } from '../../core/config/definition/data.ts';
import { dataColumns, datasetEntry, datasetsOf, flagRoles, isClicks, timeRoles } from '../../core/data/dataColumns.ts';
import type { AnswerTo, DatasetFacts, FactLevel, Facts, Question } from '../../core/data/facts.ts';
import type { PathRules } from '../../core/data/refusedPath.ts';
import { FailureError, failureOf, type Failure } from '../../core/message/failure.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';
import { AnswerRequests } from './answerRequests.ts';
import { dataPlace } from '../facts/dataPlace.ts';
import { declaredFacts, isTable } from '../facts/declaredTable.ts';
import type { FactsCache } from '../facts/factsCache.ts';
import { probeDataset } from '../facts/probeDataset.ts';

/** How facts are gathered: how much to read, from where, and with what. */
export interface FactsOptions extends Partial<CallContext> {
  readonly level: FactLevel;
  /** The folder of the config, and the root outside of which nothing is opened. */
  readonly place: PathRules;
  /** If false, no data file is opened. */
  readonly trusted: boolean;
  /** Tables of Spark: known by their declared columns, for a job that reads them. Default: closed. */
  readonly tables?: 'declared';
  /** If null, only cached facts are used. */
  readonly engine: EngineClient | null;
  readonly cache: FactsCache;
}

type Answer = ReturnType<Facts['answer']>;

/** Facts gathered so far: data sets by name, answers by the text of the question. */
class GatheredFacts implements Facts {
  readonly #answers = new Map<string, Answer>();

  constructor(
    readonly level: FactLevel,
    private readonly datasets: Map<DatasetName, DatasetFacts>,
  ) {}

  dataset(name: DatasetName): DatasetFacts | undefined {
    return this.datasets.get(name);
  }

  answer<Q extends Question>(question: Q): { readonly value: AnswerTo<Q> } | { readonly failure: Failure } | undefined {
    return this.#answers.get(JSON.stringify(question)) as
      | { readonly value: AnswerTo<Q> }
      | { readonly failure: Failure }
      | undefined;
  }

  markDamaged(name: DatasetName, damage: Failure): void {
    const facts = this.datasets.get(name);
    if (facts?.state === 'known' && !facts.damage) this.datasets.set(name, { ...facts, damage });
  }

  keep(question: Question, answer: NonNullable<Answer>): void {
    this.#answers.set(JSON.stringify(question), answer);
  }
}

/**
 * Checks what a config says about files against the files. Level `none` touches no file, `schema` reads metadata,
 * `data` asks the questions one after another. `questions` gets the schema facts and returns the questions to ask.
 * @throws FailureError only `cancelled`
 */
export async function gatherFacts(
  config: ConfigDraft,
  options: FactsOptions,
  questions: (facts: Facts) => readonly Question[] = () => [],
): Promise<Facts> {
  const { level } = options;
  const facts = new GatheredFacts(
    level,
    level === 'none' ? new Map<DatasetName, DatasetFacts>() : await probeDatasets(config, options),
  );
  if (level !== 'data') return facts;
  const requests = new AnswerRequests(config, facts, options.place);
  for (const question of questions(facts)) {
    const answer = await answerTo(question, requests, options);
    if (answer) facts.keep(question, answer);
    if (answer && 'failure' in answer) markDamage(answer.failure, config, facts, options);
  }
  return facts;
}

/** Marks data sets that an answer found damaged. The user must see which file is broken, whichever rule found it. */
function markDamage(
  failure: Failure,
  config: ConfigDraft,
  facts: GatheredFacts,
  { place, trusted }: FactsOptions,
): void {
  if (failure.place?.dataset === undefined) return;
  for (const name of datasetsOf(config)) {
    const location = dataPlace(datasetEntry(config, name) ?? {}, place, trusted);
    if ('path' in location && location.path === failure.place.dataset) facts.markDamaged(name, failure);
  }
}

async function probeDatasets(config: ConfigDraft, options: FactsOptions): Promise<Map<DatasetName, DatasetFacts>> {
  const names = datasetsOf(config);
  const probes = await Promise.all(names.map((name) => probeEntry(config, name, options)));
  return new Map(names.flatMap((name, k) => (probes[k] ? [[name, probes[k]] as const] : [])));
}

async function probeEntry(
  config: ConfigDraft,
  name: DatasetName,
  { place, trusted, tables, engine, cache, signal, progress }: FactsOptions,
): Promise<DatasetFacts | undefined> {
  const entry = datasetEntry(config, name) ?? {};
  if (tables === 'declared' && isTable(entry)) return declaredFacts(entry);
  const location = dataPlace(entry, place, trusted);
  if ('facts' in location) return location.facts;
  const { path, root } = location;
  const cached = cache.probe(path, root);
  if (!engine) return cached?.facts;
  const probe = await probeDataset(engine, path, root, rangedColumns(config, name), cached, {
    ...(signal ? { signal } : {}),
    ...(progress ? { progress } : {}),
  });
  cache.keepProbe(path, root, probe);
  return probe.facts;
}

/**
 * Columns whose minimum and maximum are useful: whether flags are 0 and 1, whether ranks start at 1, and the unit of a
 * time.
 */
const rangedRoles = new Set<string>([...flagRoles, ...timeRoles, 'rank']);

function rangedColumns(config: ConfigDraft, name: DatasetName): string[] {
  const flags = dataColumns(config, name)
    .filter(({ role }) => rangedRoles.has(role))
    .map((column) => column.name);
  const events =
    name === 'impressions' || isClicks(name)
      ? Object.keys(config.events ?? {}).flatMap((event) =>
          partsOfEvent(event, config).flatMap((operand) => (operand.isFlag ? [operand.name] : [])),
        )
      : [];
  return [...new Set([...flags, ...events])].sort();
}

async function answerTo(
  question: Question,
  requests: AnswerRequests,
  { engine, cache, signal, progress }: FactsOptions,
): Promise<NonNullable<Answer> | undefined> {
  const request = requests.requestFor(question);
  if (request instanceof FailureError) return { failure: request.failure };
  const cached = cache.answer(request.question);
  if (cached) return cached;
  if (!engine) return undefined;
  try {
    const value = await engine.call('answer', request, {
      ...(signal ? { signal } : {}),
      ...(progress ? { progress } : {}),
    });
    cache.keepAnswer(request.question, { value });
    return { value };
  } catch (error) {
    if (signal?.aborted) throw cancelled();
    const answer = { failure: failureOf(error) };
    // Damage stays until the files change, so it may be cached.
    if (answer.failure.place?.dataset !== undefined) cache.keepAnswer(request.question, answer);
    return answer;
  }
}
