import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { DatasetName } from '../../core/config/definition/data.ts';
import { dataColumns, datasetEntry, datasetsOf, flagRoles, timeRoles } from '../../core/data/dataColumns.ts';
import type { AnswerTo, DatasetFacts, FactLevel, Facts, Question } from '../../core/data/facts.ts';
import type { PathPlace } from '../../core/data/refusedPath.ts';
import { fail, failureOf, type Failure } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';
import { AskedQuestions } from './askedQuestions.ts';
import { dataPlace } from './dataPlace.ts';
import type { FactsCache } from './factsCache.ts';
import { probeDataset } from './probeDataset.ts';

/** Options for gathering facts. */
export interface Gathering extends Partial<CallContext> {
  readonly level: FactLevel;
  /** The folder of the config, and the root outside of which nothing is opened. */
  readonly place: PathPlace;
  /** If false, no data file is opened. */
  readonly trusted: boolean;
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
      { readonly value: AnswerTo<Q> } | { readonly failure: Failure } | undefined;
  }

  damaged(name: DatasetName, damage: Failure): void {
    const found = this.datasets.get(name);
    if (found?.state === 'known' && !found.damage) this.datasets.set(name, { ...found, damage });
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
  gathering: Gathering,
  questions: (facts: Facts) => readonly Question[] = () => [],
): Promise<Facts> {
  const { level } = gathering;
  const facts = new GatheredFacts(
    level,
    level === 'none' ? new Map<DatasetName, DatasetFacts>() : await datasets(config, gathering),
  );
  if (level !== 'data') return facts;
  const asked = new AskedQuestions(config, facts, gathering.place);
  for (const question of questions(facts)) {
    const answer = await ask(question, asked, gathering);
    if (answer) facts.keep(question, answer);
    if (answer && 'failure' in answer) markDamage(answer.failure, config, facts, gathering);
  }
  return facts;
}

/** Marks data sets that an answer found damaged. The user must see which file is broken, whichever rule found it. */
function markDamage(failure: Failure, config: ConfigDraft, facts: GatheredFacts, { place, trusted }: Gathering): void {
  if (failure.place?.dataset === undefined) return;
  for (const name of datasetsOf(config)) {
    const at = dataPlace(datasetEntry(config, name) ?? {}, place, trusted);
    if ('path' in at && at.path === failure.place.dataset) facts.damaged(name, failure);
  }
}

async function datasets(config: ConfigDraft, gathering: Gathering): Promise<Map<DatasetName, DatasetFacts>> {
  const names = datasetsOf(config);
  const found = await Promise.all(names.map((name) => datasetFacts(config, name, gathering)));
  return new Map(names.flatMap((name, k) => (found[k] ? [[name, found[k]] as const] : [])));
}

async function datasetFacts(
  config: ConfigDraft,
  name: DatasetName,
  { place, trusted, engine, cache, signal, progress }: Gathering,
): Promise<DatasetFacts | undefined> {
  const at = dataPlace(datasetEntry(config, name) ?? {}, place, trusted);
  if ('facts' in at) return at.facts;
  const { path, root } = at;
  const before = cache.probe(path, root);
  if (!engine) return before?.facts;
  const look = await probeDataset(engine, path, root, rangedColumns(config, name), before, {
    ...(signal ? { signal } : {}),
    ...(progress ? { progress } : {}),
  });
  cache.keepProbe(path, root, look);
  return look.facts;
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
    name === 'impressions' || name === 'clicks'
      ? Object.values(config.events ?? {}).filter((event) => typeof event === 'string')
      : [];
  return [...new Set([...flags, ...events])].sort();
}

async function ask(
  question: Question,
  asked: AskedQuestions,
  { engine, cache, signal, progress }: Gathering,
): Promise<NonNullable<Answer> | undefined> {
  const made = asked.of(question);
  if ('failure' in made) return made;
  const known = cache.answer(made.question);
  if (known) return known;
  if (!engine) return undefined;
  try {
    const value = await engine.call('answer', made, {
      ...(signal ? { signal } : {}),
      ...(progress ? { progress } : {}),
    });
    cache.keepAnswer(made.question, { value });
    return { value };
  } catch (error) {
    if (signal?.aborted) throw fail('cancelled', message('Cancelled'));
    const answer = { failure: failureOf(error) };
    // Damage stays until the files change, so it may be cached.
    if (answer.failure.place?.dataset !== undefined) cache.keepAnswer(made.question, answer);
    return answer;
  }
}
